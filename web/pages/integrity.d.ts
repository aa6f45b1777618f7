import type { Plugin } from "vite";
export function integrity(): Plugin;
export function withIntegrity(): Plugin;

/** `import bytes from "x.wasm?base64"`. */
export function base64(): Plugin;

/** Makes one file of a page. */
export function singleFile(): Plugin;
