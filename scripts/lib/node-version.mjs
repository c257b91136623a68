/** `version` as in process.versions.node, `range` as in package.json's engines: `>=20.19.0`. Undefined when it fits. */
export function nodeProblem(version, range) {
  const minimum = range.replace(/^>=\s*/, "");
  if (atLeast(numbers(version), numbers(minimum))) return undefined;
  return (
    `Sluice needs Node.js ${minimum} or newer, and this is ${version}.\n` +
    "Install a newer one (https://nodejs.org/en/download, or a version manager such as nvm or fnm), then run this again."
  );
}

// A pre-release (21.0.0-nightly) counts as its release.
function numbers(version) {
  return version
    .split("-")[0]
    .split(".")
    .map((part) => Number(part));
}

function atLeast(have, want) {
  for (let i = 0; i < 3; i++) {
    const difference = (have[i] ?? 0) - (want[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
