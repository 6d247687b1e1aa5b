# The app as one image. `docker run … app` serves and works; give `web` or `worker` to run them apart.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run generate && npm run build

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# None of what runs in production needs an install script.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production LISTEN_HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
# The embedded database, for trying out. With DATABASE_URL nothing is written here.
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/build build
COPY package.json ./
USER node
EXPOSE 3000
# A `worker` listens to nobody: start it with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`, { headers: { 'user-agent': 'healthcheck' } }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, so that SIGTERM reaches the app itself and it can finish its purchases.
# Left to itself the young generation alone grows to 128 MB on a large machine, and an import fills all of it; and where
# gigabytes may be used, Node lets four times as much pile up as is in use before it clears.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--max-old-space-size=1024", "build/server/index.js"]
CMD ["all"]
