/** A WebAssembly file imported by the bundler: its bytes as base64. */
declare module '*.wasm' {
  const base64: string;
  export default base64;
}
