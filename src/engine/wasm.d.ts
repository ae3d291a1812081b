/** A WebAssembly file imported by the bundler: its bytes as base64. */
declare module '*.wasm' {
  const base64: string;
  export default base64;
}

/** A script imported by the bundler: what it is when bundled by itself. */
declare module '*?source' {
  const source: string;
  export default source;
}
