# docker build -t sluice .
#
# The container listens on all its addresses, and the agent refuses that without API keys. Make one, keep its hash in
# the file and the printed key with the client, then mount the file:
#   docker run --rm sluice keys create --help
#   docker run --read-only --tmpfs /tmp -p 127.0.0.1:9877:9877 -v sluice-data:/data -v "$PWD/keys:/run/secrets/sluice-keys:ro" \
#     -e SLUICE_API_KEYS_FILE=/run/secrets/sluice-keys sluice
# With DATABASE_URL set, that database is used, and /data holds nothing that has to be kept.

FROM node:22.18.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --include=optional
COPY tsconfig.json ./
COPY scripts scripts
COPY src src
RUN node scripts/build.mjs && npm prune --omit=dev

# The demo pipeline of docker-compose.yml; it fetches its data set itself.
FROM node:22.18.0-bookworm-slim AS demo
WORKDIR /app
COPY --from=build /app/package.json ./
COPY scripts scripts
COPY examples examples
RUN mkdir .cache && chown node:node .cache
USER node
CMD ["node", "examples/flights/demo.mjs"]

FROM node:22.18.0-bookworm-slim
ENV NODE_ENV=production \
    SLUICE_LISTEN=0.0.0.0:9877 \
    SLUICE_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 9877
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9877/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
