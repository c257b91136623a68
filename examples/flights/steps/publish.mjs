/**
 * The step downstream: what other people read. It asks the gate about this day's run and does not touch what is published
 * when the answer is no. Answers what the gate said.
 */
export async function publish({ day, database, ask, pipeline_name }) {
  const gate = await ask(`/v1/gates/${pipeline_name}?run_id=${day}`);
  if (gate.allowed) database.publishDay(day);
  return gate;
}
