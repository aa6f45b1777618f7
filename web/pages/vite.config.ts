import { defineConfig } from "vite";
import { base64, integrity, singleFile, withIntegrity } from "./integrity.js";

// WEB-4: every address is relative, so the same files work from any folder of any server; one module a page, so that the integrity of its
// script tag covers all of it.
const page = process.env["PAGE"] ?? "vote";

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    outDir: `build/${page}`,
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: `${page}.html` },
  },
  plugins: [integrity(), base64(), page === "offline" ? singleFile() : withIntegrity()],
  // A page from a disk has no origin, and starts no module from a blob.
  worker: { format: page === "offline" ? "iife" : "es", plugins: () => [integrity()] },
});
