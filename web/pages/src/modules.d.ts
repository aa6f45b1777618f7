declare module "*?base64" {
  const bytes: string;
  export default bytes;
}

declare module "*?integrity" {
  const hash: string;
  export default hash;
}
