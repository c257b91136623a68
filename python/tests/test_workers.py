"""Forks, processes of multiprocessing, and threads report into the run of their parent."""

import os
import subprocess
import sys

from .support.agent import URL, needs_agent, run_of, stages_of
from .support.case import ProgramCase
from .support.programs import run


@needs_agent
class Workers(ProgramCase):
    def test_forks_report_the_same_run_and_only_the_parent_ends_it(self) -> None:
        body = """for n in range(4):
        ____if os.fork() == 0:
        ________for i in range(100): current_run().records("load", 1)
        ________sys.exit(5 if n == 0 else 0)
        for n in range(4): os.wait()""".replace("____", "    ")
        program = self.reports("pass").rstrip() + "\n" + "\n".join("    " + line[8:] if line.startswith("        ") else "    " + line for line in body.splitlines())
        ended = run(program, URL, self.spool)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.sent_by_the_next()
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 450})
        self.assertEqual(run_of(self.pipeline_name, "r-1")["status"], "success")

    def test_workers_of_multiprocessing_hand_over_when_they_end(self) -> None:
        for method in ("fork", "spawn"):
            with self.subTest(method):
                self.setUp()
                path = os.path.join(self.spool, "workers.py")
                with open(path, "w") as file:
                    file.write(f"""
import multiprocessing
from sluice_client import Client
# No disk: each worker hands over what it holds. Ends wait up to 60 s: a busy machine needs them.
client = Client(spool_dir="/dev/null/none", flush_seconds=60)
def work(part):
    client.pipeline("{self.pipeline_name}").attach("r-1").records("load", 1, part=str(part))
if __name__ == "__main__":
    multiprocessing.set_start_method("{method}")
    with client.pipeline("{self.pipeline_name}").run("r-1") as run:
        workers = [multiprocessing.Process(target=work, args=(part,)) for part in range(3)]
        for worker in workers: worker.start()
        for worker in workers: worker.join()
        run.records("join", 1)
""")
                environment = {**os.environ, "SLUICE_URL": URL}
                done = subprocess.run([sys.executable, path], env=environment, capture_output=True, text=True, timeout=120)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 3, "join": 1})

    def test_a_fork_in_the_moment_the_client_loads_its_network_code_can_load_it_too(self) -> None:
        program = f"""
            import os, sys, time
            from sluice_client import Client
            def forked(n):
                client = Client(spool_dir="/dev/null/none", flush_seconds=60)
                client.pipeline("{self.pipeline_name}").attach("r-1").records("load", 1)
                # The sending thread wakes after 0.1 s and loads its network code then.
                time.sleep(0.1 + n / 1000)
                child = os.fork()
                if child == 0:
                    import http.client, email.utils, ssl
                    client.pipeline("{self.pipeline_name}").attach("r-1").records("load", 1)
                    sys.exit(0)
                os.waitpid(child, 0)
            forked(int(sys.argv[1]))
        """
        for n in range(0, 40, 5):
            done = run(program.replace("sys.argv[1]", str(n)), URL, self.spool)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 16})

    def test_threads_report_into_one_run(self) -> None:
        body = """import threading
        def work():
        ____for i in range(500): run.records("load", 1)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()""".replace("____", "    ")
        program = self.reports("pass").rstrip() + "\n" + "\n".join("    " + line.replace("        ", "", 1) for line in body.splitlines())
        ended = run(program, URL, self.spool)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 2050})
