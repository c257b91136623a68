"""How a pipeline ends: well, badly, by a signal, or by kill -9."""

import json
import signal
import subprocess
import sys
import unittest

from .support.agent import URL, needs_agent, run_of, stages_of
from .support.case import ProgramCase, SpoolCase
from .support.front import Front, free_port
from .support.programs import run


class AgentAbsent(SpoolCase):
    WORK = """
        import sys
        {report}
        print("result", sum(range(1000)))
        sys.exit(3)
    """
    REPORT = """from sluice_client import pipeline
        with pipeline("orders").run() as run:
            run.records("load", 1); run.quality("c", 0.9); run.drift({"age": [1, 2, 3]})"""

    def test_result_and_exit_code_are_those_of_the_pipeline_alone(self) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        alone = run(self.WORK.format(report=""), url, self.spool)
        reported = run(self.WORK.format(report=self.REPORT), url, self.spool)
        self.assertEqual((reported.returncode, reported.stdout), (alone.returncode, alone.stdout), reported.stderr)
        self.assertEqual(reported.stderr, "")
        self.assertEqual(self.spooled(), 5)

    def test_its_own_exception_goes_on_untouched(self) -> None:
        program = """
            from sluice_client import pipeline
            class Broken(Exception): pass
            boom = Broken("bad row 7")
            try:
                with pipeline("orders").run() as run:
                    raise boom
            except Broken as caught:
                assert caught is boom
                assert caught.__context__ is None and caught.__cause__ is None
                raise
        """
        ended = run(program, f"http://127.0.0.1:{free_port()}", self.spool)
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(ended.stderr.strip().splitlines()[-1].split(".")[-1], "Broken: bad row 7")
        self.assertNotIn("sluice_client/run.py", ended.stderr)


@needs_agent
class Ends(ProgramCase):
    def test_an_agent_that_comes_later_gets_every_report_once(self) -> None:
        port = free_port()
        ended = run(self.reports("run.records('transform', 7)"), f"http://127.0.0.1:{port}", self.spool)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIsNone(run_of(self.pipeline_name, "r-1"))
        front = self.front(URL, port=port)
        self.sent_by_the_next(front.url)
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 50, "transform": 7})
        self.assertEqual(run_of(self.pipeline_name, "r-1")["status"], "success")

    def test_what_was_reported_before_kill_9_is_sent_by_the_next(self) -> None:
        for url in (URL, f"http://127.0.0.1:{free_port()}"):
            with self.subTest(url):
                self.setUp()
                ended = run(self.reports("os.kill(os.getpid(), signal.SIGKILL)"), url, self.spool)
                self.assertEqual(ended.returncode, -signal.SIGKILL)
                if url != URL:
                    front = Front(URL, port=int(url.rpartition(":")[2]))
                    self.addCleanup(front.close)
                self.sent_by_the_next(url)
                self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 50})
                self.assertEqual(run_of(self.pipeline_name, "r-1")["status"], "started")

    def test_a_failure_is_reported_with_its_traceback_cut_to_a_size(self) -> None:
        body = """def deeper(n): return deeper(n - 1) if n else 1 / 0
        deeper(400)"""
        ended = run(self.reports(body), URL, self.spool)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("ZeroDivisionError", ended.stderr)
        failed = run_of(self.pipeline_name, "r-1")
        self.assertEqual(failed["status"], "failed")
        error = failed["error"]
        self.assertTrue(error.startswith("ZeroDivisionError: division by zero\n\nTraceback"), error[:80])
        self.assertTrue(error.endswith("ZeroDivisionError: division by zero"), error[-80:])
        self.assertLessEqual(len(error.encode()), 8192)

    def test_each_end_has_its_status(self) -> None:
        for body, status in (
            ("pass", "success"),
            ("sys.exit(0)", "success"),
            ("sys.exit(2)", "failed"),
            ("sys.exit('no input')", "failed"),
            ("raise KeyboardInterrupt", "cancelled"),
            ("import asyncio; raise asyncio.CancelledError", "cancelled"),
            ("run.end('skipped')", "skipped"),
            ("run.end('failed', 'half of it is missing')", "failed"),
        ):
            with self.subTest(body):
                self.setUp()
                run(self.reports(body), URL, self.spool)
                self.assertEqual(run_of(self.pipeline_name, "r-1")["status"], status)

    def test_sigterm_hands_over_and_ends_the_process_as_it_would_have(self) -> None:
        ended = run(self.reports("os.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(60)"), URL, self.spool)
        self.assertEqual(ended.returncode, -signal.SIGTERM)
        killed = run_of(self.pipeline_name, "r-1")
        self.assertEqual((killed["status"], killed["error"]), ("failed", "ended by SIGTERM"))
        self.assertEqual(self.segments(), [])

    def test_a_pipelines_own_sigterm_handler_stays(self) -> None:
        program = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n" + self.reports(
            "os.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(60)"
        )
        self.assertEqual(run(program, URL, self.spool).returncode, 7)
        self.assertEqual(run_of(self.pipeline_name, "r-1")["status"], "failed")

    def test_decorated_functions_are_runs(self) -> None:
        program = f"""
            import asyncio, json
            from sluice_client import current_run, monitored
            ids = []
            @monitored("{self.pipeline_name}")
            def plain(a, b=2):
                "Adds."
                ids.append(current_run().run_id)
                current_run().records("load", a)
                return a + b
            @monitored("{self.pipeline_name}", attempt=2)
            async def waits():
                await asyncio.sleep(0)
                ids.append(current_run().run_id)
                raise LookupError("gone")
            @monitored("{self.pipeline_name}")
            def yields():
                ids.append(current_run().run_id)
                yield from (1, 2)
                return 3
            assert plain(1, b=4) == 5 and plain.__doc__ == "Adds." and plain.__name__ == "plain"
            try: asyncio.run(waits())
            except LookupError: pass
            assert list(yields()) == [1, 2]
            assert current_run() is None
            print(json.dumps(ids))
        """
        ended = run(program, URL, self.spool)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        runs = [run_of(self.pipeline_name, run_id) for run_id in json.loads(ended.stdout)]
        self.assertEqual([(one["status"], one["attempt"]) for one in runs], [("success", 1), ("failed", 2), ("success", 1)])


class Imports(unittest.TestCase):
    def test_importing_the_client_brings_no_heavy_library_along(self) -> None:
        program = "import sys, sluice_client; print(' '.join(sys.modules))"
        brought = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"], capture_output=True, text=True, check=True)
        for heavy in ("http.client", "ssl", "asyncio", "numpy", "pandas", "polars", "pydantic", "email"):
            self.assertNotIn(heavy, brought.stdout.split())
