#!/usr/bin/env node
import module from 'node:module'

// Kept between runs by Node 22 and later; Node 20 does not have it.
module.enableCompileCache?.()
const { main } = module.createRequire(import.meta.url)('../dist/cjs/cli.js')
await main(process.argv.slice(2))
