import Fastify from "fastify";

// What a Node process with a web server costs when it does nothing.

const app = Fastify();
app.get("/", async () => "ready");
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
