/** What the agent says: `ask("/v1/sla/flights_daily")`. null where it knows nothing of it. */
export function asker({ url, key }) {
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  return async function ask(path) {
    const answer = await fetch(`${url}${path}`, { headers });
    if (answer.status === 404) return null;
    const body = await answer.json();
    if (!answer.ok) throw new Error(`GET ${path}: ${body.detail}`);
    return body;
  };
}
