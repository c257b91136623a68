import type { ShownVerdict } from "../../api/types.ts";
import { TableOf } from "../../parts/table.tsx";
import { figure, percent } from "../../text/numbers.ts";
import { psiOfBin } from "../../text/verdicts.ts";

type Bin = ShownVerdict["bins"][number];

interface HistogramProps {
  bins: readonly Bin[];
  /** Whether there is a PSI: without rows on either side there is none. */
  compared: boolean;
}

/** Both histograms over each other: what was expected as an outline, what came as a bar; under it what each bin adds to the PSI. */
export function Histogram({ bins, compared }: HistogramProps) {
  const highest = Math.max(...bins.map(({ expected, actual }) => Math.max(expected, actual)), 1e-9);
  const most = Math.max(...bins.map(psiOfBin), 1e-9);
  return (
    <figure class="histogram">
      <figcaption>
        <span class="key actual">current</span> <span class="key expected">reference</span>
        {compared && <span class="key adds">share of the PSI</span>}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable */}
      <section class="scroll" aria-label="Histogram, scrolls sideways" tabIndex={0}>
        <div class="bins" style={{ gridTemplateColumns: `repeat(${bins.length}, minmax(2.6rem, 1fr))` }}>
          {bins.map((bin) => (
            <div class="bin" key={bin.label} title={inWords(bin, compared)}>
              <div class="bin-bars">
                <span class="actual" style={{ height: `${(bin.actual / highest) * 100}%` }} />
                <span class="expected" style={{ height: `${(bin.expected / highest) * 100}%` }} />
              </div>
              {compared && (
                <div class="bin-adds">
                  <span style={{ height: `${(psiOfBin(bin) / most) * 100}%` }} />
                </div>
              )}
              <div class="bin-label">
                <bdi>{bin.label}</bdi>
              </div>
            </div>
          ))}
        </div>
      </section>
      <TableOf
        what="Histograms"
        caption="Shares of the rows in each bin"
        rows={bins}
        keyOf={({ label }) => label}
        empty=""
        columns={[
          { title: "Bin", head: true, cell: ({ label }) => <bdi>{label}</bdi> },
          { title: "Reference", number: true, cell: ({ expected }) => percent(expected) },
          { title: "Current", number: true, cell: ({ actual }) => percent(actual) },
          { title: "Adds to the PSI", number: true, when: () => compared, cell: (bin) => figure(psiOfBin(bin)) },
        ]}
      />
    </figure>
  );
}

function inWords(bin: Bin, compared: boolean): string {
  const shares = `${bin.label}: ${percent(bin.expected)} in the reference, ${percent(bin.actual)} now`;
  return compared ? `${shares}; adds ${figure(psiOfBin(bin))} to the PSI` : shares;
}
