# Builds and runs CivilAffairs.Web. docker-compose.yml is the way to start it; DeploymentTests holds both to the code.

FROM node:20-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The build brings the font of the documents and the workflow designer with npm, once (docs/adr/0003, 0072).
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source

# What decides the packages comes first: a change of code then fetches nothing again.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/CivilAffairs.Engine/CivilAffairs.Engine.csproj src/CivilAffairs.Engine/packages.lock.json src/CivilAffairs.Engine/
COPY src/CivilAffairs.Web/CivilAffairs.Web.csproj src/CivilAffairs.Web/packages.lock.json src/CivilAffairs.Web/package.json src/CivilAffairs.Web/package-lock.json src/CivilAffairs.Web/.npmrc src/CivilAffairs.Web/
RUN dotnet restore src/CivilAffairs.Web --locked-mode && dotnet msbuild src/CivilAffairs.Web -t:RestoreNpmPackages

COPY src src
# The matters are published beside the program, where it looks for them.
COPY workflows workflows
# Native libraries come for every system there is, 500 MB; the final stage is Linux on x64 or arm64.
RUN dotnet publish src/CivilAffairs.Web --no-restore -c Release -p:UseAppHost=false -o /publish \
 && find /publish/runtimes -mindepth 1 -maxdepth 1 ! -name linux ! -name linux-x64 ! -name linux-arm64 ! -name unix -exec rm -r {} +

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /publish ./
# A new named volume takes its owner from this folder.
RUN mkdir /data && chown $APP_UID:$APP_UID /data
USER $APP_UID
ENV ASPNETCORE_URLS=http://+:8080 CIVILAFFAIRS_DATA=/data
EXPOSE 8080
# The image has no curl: the program asks itself. The first start migrates the database.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["dotnet", "CivilAffairs.Web.dll", "healthcheck", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dotnet", "CivilAffairs.Web.dll"]
