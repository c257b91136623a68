import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { isatty } from "node:tty";
import { LastLines } from "./last-lines.ts";

/** How a command ended. */
export interface Ended {
  /** What a shell would say: its own code, 128 + the signal's number, 127 not found, 126 not to be run. */
  exit_code: number;
  /** The signal that ended it. */
  signal: NodeJS.Signals | null;
  /** Why it could not be started at all. */
  not_started: string | null;
  /** The end of what it wrote to standard error; "" where that was not looked at. */
  last_lines: string;
}

export interface CommandOptions {
  env: NodeJS.ProcessEnv;
  directory: string;
  /** false: standard error is the command's own, for programs that ask whether it is a terminal. */
  watch_stderr: boolean;
}

/** Those that ask a process to do something and can be caught; SIGUSR1 is Node's own. */
const PASSED_ON = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2"] as const;
/** The terminal sends these to all of its foreground processes, the command among them: passed on they would come twice. */
const FROM_THE_KEYBOARD: readonly string[] = ["SIGINT", "SIGQUIT"];
/** What the command has left running may keep standard error open; its last words are not waited for longer. */
const LAST_WORDS_MS = 200;

/** Runs a command as if nothing stood between: its stdin and stdout, signals, and how it ends. Never throws. */
export function runCommand([program = "", ...args]: readonly string[], options: CommandOptions): Promise<Ended> {
  const stdio = ["inherit", "inherit", options.watch_stderr ? "pipe" : "inherit"] as const;
  const said = new LastLines();
  return new Promise((resolve) => {
    let child: ChildProcess;
    // Before it is there: what comes while it is being started reaches it too, and does not end us without a word.
    const release = passSignalsTo(() => child);
    try {
      child = spawn(program, args, { cwd: options.directory, env: options.env, stdio: [...stdio] });
    } catch (error) {
      // Some reasons are thrown, such as arguments that are too long together (E2BIG).
      release();
      const not_started = whyNot(program, error as NodeJS.ErrnoException);
      resolve({ exit_code: 126, signal: null, not_started, last_lines: "" });
      return;
    }
    if (child.stderr !== null) passOn(child.stderr, said);
    const end = (exit_code: number, signal: NodeJS.Signals | null, not_started: string | null) => {
      release();
      resolve({ exit_code, signal, not_started, last_lines: said.text });
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      // A signal that could not be sent is not a command that could not be started.
      if (child.pid === undefined) end(error.code === "ENOENT" ? 127 : 126, null, whyNot(program, error));
    });
    child.once("exit", (code, signal) => {
      const ended = () => end(code ?? 128 + constants.signals[signal!], signal, null);
      const timer = setTimeout(ended, LAST_WORDS_MS);
      child.once("close", () => {
        clearTimeout(timer);
        ended();
      });
    });
  });
}

function passOn(from: Readable, said: LastLines): void {
  from.on("data", (chunk: Buffer) => {
    said.push(chunk);
    if (process.stderr.write(chunk)) return;
    from.pause();
    process.stderr.once("drain", () => from.resume());
  });
  // Nobody reads any more: the command shall notice it as it would without us.
  process.stderr.once("error", () => from.destroy());
}

/** Listeners are called between turns of the event loop, when the command has been started. */
function passSignalsTo(command: () => ChildProcess): () => void {
  // Not process.stdin.isTTY: opening the stream would make what the command reads from non-blocking under its feet.
  const atTerminal = isatty(0) || isatty(1) || isatty(2);
  const listeners = PASSED_ON.map((signal) => {
    const listener = () => {
      if (!(atTerminal && FROM_THE_KEYBOARD.includes(signal))) command().kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const release of listeners) release();
  };
}

function whyNot(program: string, { code }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ENOENT":
      return `${program}: command not found`;
    case "EACCES":
      return `${program}: not executable (EACCES)`;
    default:
      return `${program}: cannot be started (${code})`;
  }
}
