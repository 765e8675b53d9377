/**
 * What a module offers by name, however it was written: named exports, the properties of `module.exports`, and those of
 * a default export that is an object, unless a named export has the same name. `default` itself stays visible.
 */
export function visibleExports(loaded: unknown): Record<string, unknown> {
  const visible: Record<string, unknown> = Object.create(null)
  const exported = unwrapCompiled(loaded)
  if (typeof exported !== 'object' || exported === null) return Object.assign(visible, { default: exported })
  const names = Object.keys(exported).filter((name) => name !== 'module.exports' && name !== '__esModule')
  for (const name of names) visible[name] = (exported as Record<string, unknown>)[name]
  if (!('default' in visible)) return visible
  const fallback = visible.default
  if (typeof fallback !== 'object' || fallback === null || Array.isArray(fallback)) return visible
  for (const [name, value] of Object.entries(fallback)) if (!(name in visible)) visible[name] = value
  return visible
}

// A CommonJS module that was compiled from ES module syntax: Node shows its `module.exports` as `default`, and its
// real default export one level deeper.
function unwrapCompiled(loaded: unknown): unknown {
  if (typeof loaded !== 'object' || loaded === null || !('__esModule' in loaded) || !('default' in loaded))
    return loaded
  const inner = loaded.default
  return typeof inner === 'object' && inner !== null && '__esModule' in inner ? inner : loaded
}
