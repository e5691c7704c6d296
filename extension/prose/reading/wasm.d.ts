/** The bundler copies such a file, and what is imported is its name. */
declare module '*.wasm' {
  const file: string;
  export default file;
}
