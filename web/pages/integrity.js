// Integrity of what a page loads (WEB-4). The page's own tag covers its module; the module checks its worker by the page's <meta>; the worker
// checks its WebAssembly by the hash that is compiled into it.
import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const hash = (bytes) => `sha256-${createHash("sha256").update(bytes).digest("base64")}`;

/** `import hash from "x.wasm?integrity"` is the hash of that file, which the build does not change. */
export function integrity() {
  return {
    name: "integrity-of-wasm",
    enforce: "pre",
    async resolveId(source, importer) {
      if (!source.endsWith("?integrity") || importer === undefined) return null;
      return `\0integrity:${path.resolve(path.dirname(importer), source.slice(0, -"?integrity".length))}`;
    },
    async load(id) {
      if (!id.startsWith("\0integrity:")) return null;
      const file = id.slice("\0integrity:".length);
      this.addWatchFile(file);
      return `export default ${JSON.stringify(hash(await readFile(file)))};`;
    },
  };
}

/** `import bytes from "x.wasm?base64"` is that file itself, for a page that fetches nothing. */
export function base64() {
  return {
    name: "base64-of-wasm",
    enforce: "pre",
    async resolveId(source, importer) {
      if (!source.endsWith("?base64") || importer === undefined) return null;
      return `\0base64:${path.resolve(path.dirname(importer), source.slice(0, -"?base64".length))}`;
    },
    async load(id) {
      if (!id.startsWith("\0base64:")) return null;
      return `export default ${JSON.stringify(await readFile(id.slice("\0base64:".length), "base64"))};`;
    },
  };
}

/** WEB-9: puts script and style into the page, and allows these alone, by their hashes. */
export function singleFile() {
  let folder;
  return {
    name: "single-file",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const [page] = (await readdir(folder)).filter((name) => name.endsWith(".html"));
      const assets = path.join(folder, "assets");
      const of = async (ending) => {
        const names = (await readdir(assets)).filter((name) => name.endsWith(ending));
        if (names.length !== 1) throw new Error(`one ${ending} is looked for, not ${names}`);
        return readFile(path.join(assets, names[0]), "utf8");
      };
      // What ends a script in HTML must not stand in it.
      const script = (await of(".js")).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
      const style = await of(".css");
      const policy = `default-src 'none'; script-src '${hash(script)}' 'wasm-unsafe-eval'; worker-src blob:; style-src '${hash(style)}'; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'`;
      const html = (await readFile(path.join(folder, page), "utf8"))
        .replace(/<script type="module"[^>]*><\/script>/, "")
        .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
        .replace('<meta charset="utf-8">', () => `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${policy}">`)
        .replace("</body>", () => `<script type="module">${script}</script>\n</body>`);
      await writeFile(path.join(folder, page), html);
      await rm(assets, { recursive: true });
    },
  };
}

/** Writes `integrity` into script and style tags, and a `<meta name="vitrine-integrity">` for each worker. */
export function withIntegrity() {
  let folder;
  return {
    name: "integrity-of-page",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const assets = (await readdir(path.join(folder, "assets"))).sort();
      const hashes = new Map();
      for (const name of assets) hashes.set(`assets/${name}`, hash(await readFile(path.join(folder, "assets", name))));
      for (const page of (await readdir(folder)).filter((name) => name.endsWith(".html"))) {
        const file = path.join(folder, page);
        let html = await readFile(file, "utf8");
        for (const [name, sum] of hashes) html = html.replace(`="./${name}"`, `="./${name}" integrity="${sum}"`);
        const workers = [...hashes].filter(([name]) => /^assets\/worker-.*\.js$/.test(name));
        const meta = workers.map(([name, sum]) => `<meta name="vitrine-integrity" data-file="${name}" content="${sum}">`);
        await writeFile(file, html.replace("</head>", `${meta.join("\n")}\n</head>`));
      }
    },
  };
}
