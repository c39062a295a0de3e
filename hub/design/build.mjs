// Builds the stylesheets and copies the fonts the pages and the PDF use. Run by `make css`; the result is committed in static/.
import fs from 'node:fs';
import path from 'node:path';
import * as sass from 'sass';

const here = import.meta.dirname;
const out = path.join(here, '..', '..', 'static');
const fonts = path.join(out, 'fonts');
fs.rmSync(fonts, { recursive: true, force: true });
fs.mkdirSync(fonts, { recursive: true });

const FACES = {
  'atkinson-hyperlegible-next': ['latin-400', 'latin-700', 'latin-ext-400', 'latin-ext-700'],
  'familjen-grotesk': ['latin-700', 'latin-ext-700', 'vietnamese-700'],
  // For the PDF only: a phone brings its own fonts for other scripts, a PDF does not.
  'noto-sans': ['latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext'].flatMap(s => [`${s}-400`, `${s}-700`]),
  'noto-sans-arabic': ['arabic-400', 'arabic-700'],
  'noto-sans-devanagari': ['devanagari-400', 'devanagari-700'],
  'noto-sans-gurmukhi': ['gurmukhi-400', 'gurmukhi-700'],
  'noto-sans-bengali': ['bengali-400', 'bengali-700'],
  'noto-sans-gujarati': ['gujarati-400', 'gujarati-700'],
  'noto-sans-tamil': ['tamil-400', 'tamil-700'],
  'noto-sans-hebrew': ['hebrew-400', 'hebrew-700'],
  'noto-sans-math': ['latin-400'], // arrows, ticks, stars
  'noto-emoji': ['emoji-400'], // one file, so that signs made of several stay one; one colour, so that it prints
};
for (const [name, faces] of Object.entries(FACES)) {
  const from = path.join(here, 'node_modules', '@fontsource', name);
  for (const face of faces) fs.copyFileSync(path.join(from, 'files', `${name}-${face}-normal.woff2`), path.join(fonts, `${name}-${face}-normal.woff2`));
  fs.copyFileSync(path.join(from, 'LICENSE'), path.join(fonts, `${name}-LICENSE.txt`));
}

for (const sheet of ['hub', 'pdf']) {
  const { css } = sass.compile(path.join(here, 'scss', `${sheet}.scss`), { style: 'compressed', loadPaths: [path.join(here, 'node_modules')], quietDeps: true, sourceMap: false });
  fs.writeFileSync(path.join(out, `${sheet}.css`), css.replace(/^\uFEFF/, '') + '\n');
  for (const [, file] of css.matchAll(/url\(["']?(fonts\/[^"')]+)/g)) if (!fs.existsSync(path.join(out, file))) throw new Error(`${sheet}.css names ${file}, which is not there`);
  console.log(`${sheet}.css`, css.length, 'bytes');
}
