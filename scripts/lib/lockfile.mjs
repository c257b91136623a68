const CPUS = ["arm64", "x64", "ia32", "arm", "loong64", "ppc64", "riscv64", "s390x"];

/** Optional dependencies that a lockfile (version 3) names but does not hold, as `[name, version, entry of the dependent]`. */
export function absentOptionals(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !lock.packages[`${path}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => ({ name, version, dependent: entry })),
  );
}

/** Adds entries for absent platform packages, whose names contain their platform: `@rollup/rollup-linux-x64-musl`. */
export function completeLockfile(lock) {
  const added = [];
  for (const { name, version, dependent } of absentOptionals(lock)) {
    const platform = platformOf(name);
    if (!platform || !/^\d/.test(version)) continue;
    const { os, cpu, libc } = platform;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(dependent.dev ? { dev: true } : {}),
      ...(libc ? { libc: [libc] } : {}),
      optional: true,
      os: [os],
    };
    added.push(name);
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  return added;
}

function platformOf(name) {
  const match = /-(android|darwin|freebsd|linux|openbsd|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name);
  const [, os, cpu, abi = ""] = match ?? [];
  if (!os || !CPUS.includes(cpu)) return undefined;
  if (os !== "linux") return { os, cpu };
  if (abi.startsWith("musl")) return { os, cpu, libc: "musl" };
  return abi.startsWith("gnu") ? { os, cpu, libc: "glibc" } : { os, cpu };
}
