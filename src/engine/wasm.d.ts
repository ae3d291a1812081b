/** A WebAssembly file imported by the bundler: its bytes, deflated, in base64. */
declare module '*.wasm' {
  const packed: string;
  export default packed;
}

/** A script imported by the bundler: what it is when bundled by itself. */
declare module '*?source' {
  const source: string;
  export default source;
}
