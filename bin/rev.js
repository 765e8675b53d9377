#!/usr/bin/env node
import module from 'node:module'

// Kept between runs by Node 22 and later; Node 20 does not have it.
module.enableCompileCache?.()
const { main } = await import('../dist/cli/main.js')
await main(process.argv.slice(2))
