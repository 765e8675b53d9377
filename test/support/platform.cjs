// Stands in for src/platform.cts under vitest, which does not compile .cts files and would take `import()` over.
// Node loads this file itself, so that the import below is Node's own, as in the built package.
const { dirname } = require('node:path')

exports.packageRoot = dirname(dirname(__dirname))
exports.nativeImport = (url) => import(url)
exports.nativeRequire = require

exports.forgetModule = (file) => {
  delete require.cache[file]
}
