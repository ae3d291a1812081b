/** A WebAssembly file imported by the bundler: its bytes in hexadecimal digits. */
declare module '*.wasm' {
  const digits: string;
  export default digits;
}

/** A script imported by the bundler: what it is when bundled by itself. */
declare module '*?source' {
  const source: string;
  export default source;
}
