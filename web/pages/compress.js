// WEB-29: compresses every file of a bundle with Brotli, into a folder beside them. `node compress.js FOLDER`
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const folder = process.argv[2];
const target = path.join(folder, "brotli");
rmSync(target, { recursive: true, force: true });
const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".html") || name.startsWith("assets/"));
for (const name of names.filter((one) => statSync(path.join(folder, one)).isFile())) {
  const bytes = readFileSync(path.join(folder, name));
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const file = path.join(target, `${name}.br`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, brotliCompressSync(bytes, { params }));
}
