// Before any test: the right Node.

export default function setup(): void {
  if (Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error(`Node 24 or newer is needed, this is ${process.version}. Run the tests with npm test.`);
  }
}
