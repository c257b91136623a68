/** The answers of this release about its store: rates, totals, gates, runs, drift. Tests compare a later release with them. */
export async function answersOf(agent) {
  const since = "since=2020-01-01T00:00:00Z";
  const now = new Date().toISOString();
  const pipelines = (await agent.ask("GET", "/v1/pipelines?limit=100")).items.map((item) => item.pipeline_name);
  const answers = { taken_at: now, pipelines: {}, metrics: await agent.ask("GET", "/metrics") };
  for (const name of pipelines) {
    const sla = {};
    for (const kind of ["quality", "run", "drift"]) {
      sla[kind] = await agent.ask("GET", `/v1/sla/${name}?kind=${kind}&${since}&until=${now}&group_by=day`);
    }
    const runs = (await agent.ask("GET", `/v1/runs?pipeline_name=${name}&limit=100`)).items;
    const details = [];
    for (const { run_id } of runs) details.push(await agent.ask("GET", `/v1/runs/${name}/${run_id}`));
    answers.pipelines[name] = {
      pipeline: await agent.ask("GET", `/v1/pipelines/${name}`),
      runs,
      details,
      references: (await agent.ask("GET", `/v1/references/${name}`)).items,
      gate: await agent.ask("GET", `/v1/gates/${name}`),
      history: (await agent.ask("GET", `/v1/gates/${name}/history?limit=200`)).items,
      drift: await agent.ask("GET", `/v1/drift/${name}`),
      sla,
    };
  }
  return answers;
}
