# Postern in a container: no root, no shell needed, the root file system may be read-only.
#   docker build -t postern .
#   docker run --read-only --cap-drop=ALL --security-opt=no-new-privileges --ulimit core=0 --init=false \
#     -v postern-data:/var/lib/postern -v postern-keys:/var/lib/postern-keys -v ./config:/etc/postern:ro \
#     --tmpfs /run/postern:uid=10001,gid=10001,mode=0700 --tmpfs /tmp -p 465:4465 -p 587:4587 postern
# The portal is a second container of the same image, as a user of its own that reaches the gateway's desk and nothing else of it. Both get
# -v postern-desk:/run/postern-portal (the volume takes owner and mode from the image), and the portal no other volume and no key of the gateway.
# In postern.yaml: folders.run /run/postern, portal.address 0.0.0.0.
#   docker run --user 10002:10002 --read-only --cap-drop=ALL --security-opt=no-new-privileges --ulimit core=0 --init=false --no-healthcheck \
#     -v postern-desk:/run/postern-portal -v ./config/postern.yaml:/etc/postern-portal/postern.yaml:ro --tmpfs /tmp -p 443:8443 \
#     postern portal --config /etc/postern-portal/postern.yaml
# The process ends on SIGTERM by itself and waits for its children, so no init program is needed.

FROM node:24-slim AS build
WORKDIR /opt/postern
COPY package.json package-lock.json .npmrc ./
# The image brings Node 24 itself: the runtime packages of a checkout are left out.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund
COPY bin ./bin
COPY src ./src
COPY data ./data
COPY LICENSE README.md ./

FROM node:24-slim
ENV NODE_ENV=production
RUN groupadd --gid 10001 postern \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/postern --shell /usr/sbin/nologin postern \
 && install -d -o postern -g postern -m 0700 /var/lib/postern /var/lib/postern-keys /run/postern \
 && install -d -o root -g postern -m 0750 /etc/postern \
 && groupadd --gid 10002 postern-portal \
 && useradd --uid 10002 --gid 10002 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin postern-portal \
 && install -d -o postern -g postern-portal -m 2750 /run/postern-portal
COPY --from=build --chown=root:root /opt/postern /opt/postern
WORKDIR /opt/postern
USER 10001:10001
VOLUME ["/var/lib/postern", "/var/lib/postern-keys"]
# Unprivileged ports inside; publish them as 465 and 587, and the portal's as 443.
EXPOSE 4465 4587 8443
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m CMD ["node", "/opt/postern/src/main.ts", "status"]
STOPSIGNAL SIGTERM
ENV MALLOC_ARENA_MAX=2
ENTRYPOINT ["node", "--disable-sigusr1", "--max-semi-space-size=4", "/opt/postern/src/main.ts"]
CMD ["serve", "--config", "/etc/postern/postern.yaml"]
