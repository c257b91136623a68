import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { Counter, Gauge, type Registry } from "prom-client";

/**
 * The usual process metrics under their usual names. Not prom-client's own set: that one also watches the event loop and
 * garbage collection, which costs more than everything else in it and cannot be left out.
 */
export function addProcessMetrics(registry: Registry, off: readonly string[] = []): void {
  const started = Date.now() / 1000 - process.uptime();
  counter("process_cpu_user_seconds_total", "User CPU time.", () => process.cpuUsage().user / 1e6);
  counter("process_cpu_system_seconds_total", "System CPU time.", () => process.cpuUsage().system / 1e6);
  counter("process_cpu_seconds_total", "User and system CPU time.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge("process_start_time_seconds", "When the process started.", () => started);
  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
  gauge("nodejs_heap_size_used_bytes", "JavaScript heap in use.", () => process.memoryUsage().heapUsed);
  gauge("nodejs_external_memory_bytes", "Memory outside the JavaScript heap: buffers.", () => {
    return process.memoryUsage().external;
  });
  if (process.platform === "linux") {
    const most = maxFileDescriptors();
    gauge("process_open_fds", "Open file descriptors.", async () => (await readdir("/proc/self/fd")).length - 1);
    gauge("process_max_fds", "Most file descriptors that may be open.", () => most);
  }

  function counter(name: string, help: string, read: () => number): void {
    if (off.includes(name)) return;
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  function gauge(name: string, help: string, read: () => number | Promise<number>): void {
    if (off.includes(name)) return;
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  }
}

function maxFileDescriptors(): number {
  const limit = /^Max open files +(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined || limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
}
