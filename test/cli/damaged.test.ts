/** Files that are cut, corrupt, hostile or of another kind, each given to every command that reads such: one line, status 2, no file touched. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, it } from 'vitest';
import { blobs, halves, useProgram } from './program.js';

const { run, write, read, expectRefused } = useProgram();

/** What is done to a model file whose header is `header` bytes long. */
type Damage = (model: Buffer, header: number) => Uint8Array | string;

const cutTo = (bytes: (header: number, length: number) => number): Damage => {
  return (model, header) => model.subarray(0, bytes(header, model.length));
};

/** The length of the header, as the file says it. */
const claiming = (length: (header: number, whole: number) => bigint): Damage => {
  return (model, header) => {
    const claimed = Buffer.from(model);
    claimed.writeBigUInt64LE(length(header, model.length));
    return claimed;
  };
};

/** The header says something else, of the same length. */
const saying = (what: RegExp, instead: (found: string) => string): Damage => {
  return (model) => {
    const text = model.toString('latin1');
    const found = what.exec(text)![0];
    return Buffer.from(text.replace(found, instead(found).padEnd(found.length)), 'latin1');
  };
};

const models: readonly (readonly [string, Damage])[] = [
  ['nothing', cutTo(() => 0)],
  ['half of the length', cutTo(() => 4)],
  ['the length alone', cutTo(() => 8)],
  ['the first brace', cutTo(() => 9)],
  ['half of the header', cutTo((header) => 8 + (header >> 1))],
  ['a header without its last byte', cutTo((header) => 7 + header)],
  ['a header and no numbers', cutTo((header) => 8 + header)],
  ['a header and half a number', cutTo((header) => 10 + header)],
  ['a header and half of the numbers', cutTo((header, length) => (8 + header + length) >> 1)],
  ['all but the last number', cutTo((_header, length) => length - 4)],
  ['all but the last byte', cutTo((_header, length) => length - 1)],
  ['a byte too many', (model) => Buffer.concat([model, Buffer.of(0)])],
  ['the model twice', (model) => Buffer.concat([model, model])],
  ['a length of nothing', claiming(() => 0n)],
  ['a length one too small', claiming((header) => BigInt(header - 1))],
  ['a length one too large', claiming((header) => BigInt(header + 1))],
  ['a length of the whole file', claiming((_header, whole) => BigInt(whole))],
  ['a length of 4 GiB', claiming(() => 2n ** 32n)],
  ['a length of 2^64 - 1', claiming(() => 2n ** 64n - 1n)],
  ['a shape that is larger', saying(/"shape":\[\d/, (found) => `${found.slice(0, -1)}9`)],
  ['an offset past the end', saying(/"data_offsets":\[\d+,\d/, (found) => `${found.slice(0, -1)}9`)],
  ['more units than numbers', saying(/\\"units\\":\d/, (found) => `${found.slice(0, -1)}9`)],
  ['another version', saying(/\\"version\\":1/, () => '\\"version\\":7')],
  ['compressed', (model) => gzipSync(model)],
  ['a page', () => '<!doctype html><title>404</title>'],
];

/** Tables of the columns x, y, side. */
const tables: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['nothing', '', /expected a header line and rows, found an empty file/],
  ['a header', 'x,y,colour,note,side\n', /expected rows after the header, found none/],
  [
    'ragged',
    'x,y,colour,note,side\n1,2,red,n,left\n1,2,red\n',
    /row at line 3: expected 5 columns .*, found 3/,
  ],
  [
    'NaN',
    blobs(40).replace(/^(.*\n[^,]+),[^,]+/, '$1,NaN'),
    /line 2, column "y": expected a finite number, found "NaN"/,
  ],
  ['an open quote', 'x,y,colour,note,side\n1,2,"red,n,left\n', /line 2.*: expected a closing quote/],
  ['no text', Uint8Array.of(0x78, 0xff, 0xfe, 0x0a), /expected UTF-8 text/],
  ['compressed', gzipSync('x,y,colour,note,side\n'), /expected a CSV file, found binary data/],
  ['without y', 'x,colour,note,side\n1,red,n,left\n', /column "y": expected in the table/],
];

const { images } = halves(40);
const compressed = gzipSync(images);

const imageFiles: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['nothing', images.subarray(0, 0), /expected /],
  ['half of the magic number', images.subarray(0, 2), /expected /],
  ['half of the sizes', images.subarray(0, 10), /expected /],
  ['sizes and no images', images.subarray(0, 16), /expected 656 bytes .*, found 16/],
  ['an image too few', images.subarray(0, -16), /expected 656 bytes .*, found 640/],
  ['a byte too many', Buffer.concat([images, Buffer.of(0)]), /expected 656 bytes .*, found 657/],
  ['a wrong magic number', Buffer.concat([Buffer.of(0, 0, 7), images.subarray(3)]), /expected /],
  ['sizes of 2^32 - 1', Buffer.concat([images.subarray(0, 4), Buffer.alloc(12, 255)]), /expected /],
  ['a cut gzip', compressed.subarray(0, compressed.length >> 1), /expected a whole gzip stream/],
  ['the head of a gzip', compressed.subarray(0, 5), /expected a whole gzip stream/],
  [
    'a gzip with a changed byte',
    compressed.map((byte, i) => (i === 40 ? byte ^ 255 : byte)),
    /expected a whole gzip/,
  ],
];

beforeAll(async () => {
  await write('good.csv', blobs(40));
  const { labels } = halves(40);
  await write('images', images);
  await write('labels', labels);
  await run('train', 'good.csv', '--epochs', '2', '--out', 'table.model');
  await run('train', 'images,labels', '--epochs', '2', '--out', 'image.model');
}, 120_000);

describe('a model file that is', () => {
  it.each(models)('%s', async (_what, damage) => {
    const model = await read('table.model');
    await write('damaged.model', damage(model, Number(model.readBigUInt64LE())));
    const line =
      /^wasmlp: damaged\.model: expected a model that wasmlp train wrote, whole; .*expected .*, got /;
    await expectRefused(['predict', 'damaged.model', 'good.csv', '--out', 'kept'], line);
    await expectRefused(['evaluate', 'damaged.model', 'good.csv'], line);
    await expectRefused(['inspect', 'damaged.model'], line);
  });
});

describe('a table that is', () => {
  it.each(tables)('%s', async (what, content, line) => {
    await write('damaged.csv', content);
    await expectRefused(['predict', 'table.model', 'damaged.csv', '--out', 'kept'], line);
    await expectRefused(['evaluate', 'table.model', 'damaged.csv'], line);
    await expectRefused(['train', 'good.csv', '--test', 'damaged.csv', '--out', 'kept'], line);
    // nobody knows yet which columns there must be
    if (what === 'without y')
      await expectRefused(['train', 'damaged.csv', '--target', 'y', '--out', 'kept'], line);
    else await expectRefused(['train', 'damaged.csv', '--out', 'kept'], line);
  });
});

describe('images that are', () => {
  it.each(imageFiles)('%s', async (_what, content, line) => {
    await write('damaged', content);
    await write('folder/train-images-idx3-ubyte', content);
    await write('folder/train-labels-idx1-ubyte', await read('labels'));
    await expectRefused(['train', 'damaged,labels', '--out', 'kept'], line);
    await expectRefused(['train', 'folder', '--out', 'kept'], line);
    await expectRefused(['predict', 'image.model', 'damaged,labels', '--out', 'kept'], line);
    await expectRefused(['evaluate', 'image.model', 'damaged,labels'], line);
  });
});
