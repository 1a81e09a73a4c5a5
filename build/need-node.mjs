// Stops with a clear sentence where the pinned Node is not the one that runs (npm scripts put it first on the path).
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`Node 24 or newer is needed, this is ${process.version}. Run it with npm, for example: npm start`);
  process.exit(1);
}
