import { DAY, dayNumber, startOf } from "./calendar.mjs";

/** The data begins here, a Monday, and holds a good 26 weeks. 25 of them are used again and again, so that weekdays stay weekdays. */
const FIRST_DAY = "2001-01-01";
const CYCLE_DAYS = 25 * 7;

/**
 * The flights of US carriers, January to June 2001 (U.S. Bureau of Transportation Statistics), by calendar day:
 * a day of our time is given the flights of one weekday of theirs.
 */
export async function openFlights(packages) {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await packages.open("hyparquet");
  const { compressors } = await packages.open("hyparquet-compressors");
  const file = await asyncBufferFromFile(packages.path("vega-datasets", "data", "flights-3m.parquet"));
  const metadata = await parquetMetadataAsync(file);
  const groups = rowGroups(metadata);
  const decoded = new Map();

  async function rowsOf(group) {
    if (!decoded.has(group)) {
      // A day lies in one group or two; older ones (40 MB each) are let go.
      if (decoded.size > 1) decoded.delete(decoded.keys().next().value);
      const { rowStart, rowEnd } = group;
      decoded.set(group, await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd }));
    }
    return decoded.get(group);
  }

  return async function flightsOf(day) {
    const there = startOf(FIRST_DAY) + ((dayNumber(day) - dayNumber(FIRST_DAY)) % CYCLE_DAYS) * DAY;
    const rows = [];
    for (const group of groups.filter(({ first, last }) => first < there + DAY && there <= last)) {
      for (const { date, delay, distance, origin, destination } of await rowsOf(group)) {
        if (date < there || date >= there + DAY) continue;
        const time = `${day}T${date.toISOString().slice(11, 16)}`;
        rows.push({ date: time, delay: Number(delay), distance: Number(distance), origin, destination });
      }
    }
    return rows;
  };
}

function rowGroups(metadata) {
  let rowEnd = 0;
  return metadata.row_groups.map(({ num_rows, columns }) => {
    const { min_value, max_value } = columns.find(({ meta_data }) => meta_data.path_in_schema[0] === "date").meta_data
      .statistics;
    const rowStart = rowEnd;
    rowEnd += Number(num_rows);
    return { rowStart, rowEnd, first: min_value.getTime(), last: max_value.getTime() };
  });
}
