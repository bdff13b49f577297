# Spoolite in a container: docs/deployment.md says how to run it.

# Where SQLite's driver has no prebuilt binary for the machine it is compiled, which takes Python, make and a compiler.
# The full image has them; nothing of it is in the one that runs.
FROM node:20-bookworm AS build
WORKDIR /app

# By themselves first: they are installed anew only when they have changed.
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

COPY . .
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    SPOOLITE_DATABASE=/data/spoolite.db \
    SPOOLITE_HOST=0.0.0.0 \
    SPOOLITE_LOG_FORMAT=json

WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/drizzle ./drizzle
COPY --from=build /app/examples ./examples
COPY --from=build /app/scripts/health-check.js ./scripts/

# The only folder that is written to.
RUN install -d -o node -g node -m 0750 /data
VOLUME /data

USER node
EXPOSE 8000
STOPSIGNAL SIGTERM

# For the server; a container with a worker has nothing to ask, and switches it off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "scripts/health-check.js"]

ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
