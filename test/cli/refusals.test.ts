/** What a user can put right: one line on standard error, status 2, no file touched. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeIdx } from '../../src/data/idx.js';
import { dense, mlp } from '../../src/index.js';
import { blobs, halves, plane, useProgram } from './program.js';

const program = useProgram();
const { run, write, read, path, expectRefused } = program;

beforeAll(async () => {
  await write('good.csv', blobs(40));
  await write('plane.csv', plane(40));
  await write('empty.csv', '');
  await write('header.csv', 'a,b\n');
  await write('ragged.csv', 'a,b\n1,2\n3\n');
  await write('pipes.csv', 'a|b\n1|2\n3|4\n3|4\n');
  await write('infinite.csv', `a,b\n${'1,2\n'.repeat(40)}inf,3\n`);
  await write('typo.csv', `a,b\n${'1,2\n3,4\n'.repeat(40)}1,5 kg\n`);
  await write('gap.csv', 'x,y,colour,note,side\n1,2,red,n,left\n1,2,red,n,\n');
  await write('gaps.csv', 'x,side\n1,\n2,NA\n');
  await write('hole.csv', `x,y,side\n${'1,2,left\n3,1,right\n'.repeat(5)},2,left\n`);
  await write('class.csv', 'x,y,colour,note,side\n1,2,red,n,left\n1,2,red,n,middle\n');
  await write('word.csv', 'x,y,colour,note,side\n1,two,red,n,left\n');
  await write('less.csv', 'x,colour,side\n1,red,left\n');
  const { images, labels } = halves(40);
  await write('images', images);
  await write('labels', labels);
  await write('fewer', writeIdx([39], new Uint8Array(39)));
  await write(
    'lonely',
    writeIdx(
      [40],
      Uint8Array.from(labels.subarray(8), (label, i) => (i === 5 ? 200 : label)),
    ),
  );
  await write(
    'unknown',
    writeIdx(
      [40],
      Uint8Array.from(labels.subarray(8), (label, i) => (i === 5 ? 4 : label)),
    ),
  );
  await write('one', writeIdx([40], new Uint8Array(40)));
  await write('cut', images.subarray(0, 100));
  await write('cut.gz', gzipSync(images).subarray(0, 60));
  await write('magic', Uint8Array.of(0, 1, 8, 1, 0, 0, 0, 0));
  await write('wide', writeIdx([40, 2, 8], images.subarray(16)));
  await write('other/train-images-idx3-ubyte', images);
  await run('train', 'good.csv', '--epochs', '2', '--out', 'table.model');
  await run('train', 'images,labels', '--epochs', '2', '--out', 'image.model');
  const model = await read('table.model');
  await write('cut.model', model.subarray(0, model.length - 10));
  await write('short.model', model.subarray(0, 100));
  await write('lying.model', String(model).replace('"left","right"', '"left","wrong","right"'));
  const bare = await mlp({ inputs: 2, layers: [dense(2)], loss: 'softmaxCrossEntropy' });
  await bare.save(path('bare.model'));
}, 120_000);

/** Arguments, and what the line must say. */
const TRAINING: [string, RegExp][] = [
  ['nothing.csv', /nothing\.csv: expected a CSV file, .*, found nothing there/],
  ['empty.csv', /empty\.csv: expected a header line and rows, found an empty file/],
  ['header.csv', /header\.csv: expected rows after the header, found none/],
  ['ragged.csv', /ragged\.csv: row at line 3: expected 2 columns as in the header, found 1/],
  [
    'pipes.csv',
    /pipes\.csv: expected at least one feature column .*, found no other column \(between columns stands a comma, a semi/,
  ],
  ['infinite.csv', /infinite\.csv: row at line 42, column "a": expected a finite number, found "inf"/],
  ['typo.csv', /typo\.csv: row at line 82, column "b": expected a finite number, found "5 kg"/],
  [
    'gap.csv',
    /gap\.csv: row at line 3, column "side": expected a value, as this is the target, found a missing one \(""\); complete the row, or leave out all such rows with --missing-target drop$/,
  ],
  ['good.csv --missing-target fill', /--missing-target: expected one of refuse, drop, got "fill"/],
  [
    'gaps.csv --missing-target drop',
    /gaps\.csv: target "side": expected a value in some row, found all missing/,
  ],
  [
    'images,labels --missing-target drop',
    /--missing-target: expected with a CSV file only, got it with images/,
  ],
  [
    'hole.csv --missing refuse',
    /hole\.csv: row at line 12, column "x": expected a value, found a missing one/,
  ],
  ['good.csv --target colour --task regression', /column "colour": expected a finite number, found "/],
  [
    'good.csv --target nothing',
    /column "nothing": expected in the table, found only x, y, colour, note, side/,
  ],
  ['good.csv --drop nothing', /column "nothing": expected in the table/],
  ['good.csv --drop side --target side', /target "side": expected a column that is kept, found it in drop/],
  ['good.csv --test less.csv', /less\.csv: column "y": expected in the table, found only x, colour, side/],
  ['good.csv --test images,labels', /images,labels: expected a CSV file as in training, found images/],
  ['images,labels --test good.csv', /good\.csv: expected images as in training, found a table/],
  ['images,labels --test wide,labels', /wide,labels: expected images of 4 x 4 as in training, found 2 x 8/],
  ['images,labels --test images,unknown', /image 6: expected one of the labels 3, 7, found 4/],
  ['images,fewer', /fewer: expected 40 labels, one an image, found 39/],
  ['images,lonely', /images,lonely: image 6: expected a label that other images have, found 200/],
  ['images,one', /images,one: labels: expected at least two classes, found only 0/],
  ['cut,labels', /cut: expected 656 bytes for 40 x 4 x 4 values as its header says, found 100/],
  ['cut.gz,labels', /cut\.gz: expected a whole gzip stream, found one that is cut or corrupt/],
  ['magic,labels', /magic: expected an IDX file \(.*\), found bytes 0, 1, 8, 1/],
  ['other', /other: expected a file train-labels-idx1-ubyte or .*, found none/],
  ['images,labels --target x', /--target: expected with a CSV file only, got it with images/],
  [
    'digits --test-fraction 0.1',
    /--test-fraction: expected for data without test images, got it with digits/,
  ],
  ['good.csv --test good.csv --test-fraction 0.1', /--test-fraction: expected without --test/],
  ['good.csv --hiden 3', /unknown option '--hiden' \(Did you mean --hidden\?\)/],
  ['good.csv other.csv', /too many arguments for 'train'/],
  ['good.csv --lr', /--lr: expected a number above 0, got "--out"/],
  ['good.csv --lr 001x', /--lr: expected a number above 0, got "001x"/],
  ['good.csv --epochs -1', /--epochs: expected an integer from 1 to 1000000, got "-1"/],
  ['good.csv --loss huber', /--loss: expected for classes one of softmaxCrossEntropy, .*Hinge, got huber/],
  [
    'plane.csv --loss multiclassHinge',
    /--loss: expected for a number one of meanSquaredError, .*, got multi/,
  ],
  ['good.csv --loss poisson', /--loss: expected one of softmaxCrossEntropy, .*, got "poisson"/],
  ['good.csv --optimizer adam --momentum 0.9', /--momentum: expected with --optimizer sgd, got adam/],
  ['good.csv --optimizer adam --nesterov', /--nesterov: expected with --optimizer sgd, got adam/],
  [
    'good.csv --optimizer rprop --schedule cosine',
    /--schedule: expected with another --optimizer than rprop, got rprop/,
  ],
  [
    'good.csv --optimizer rprop --weight-decay 1',
    /--weight-decay: expected with another --optimizer than rprop, got rprop/,
  ],
  ['good.csv --optimizer lion', /--optimizer: expected one of sgd, rprop, .*nadam, got "lion"/],
  ['good.csv --schedule step', /--schedule: expected one of constant, .*plateau, got "step"/],
  ['good.csv --patience 0', /--patience: expected an integer from 1 to 1000000, got "0"/],
  ['good.csv --nesterov --momentum 0', /--momentum: expected more than 0 with --nesterov, got 0/],
  [
    'good.csv --hidden 60000,60000',
    /--hidden: expected at most 134217728 weights in all, got 4-60000-60000-2/,
  ],
  [
    'plane.csv --lr 1000 --epochs 20',
    /training diverged at step \d+: layers\.\d .*try a smaller learningRate/,
  ],
];

const USE: [string, RegExp][] = [
  ['table.model nothing.csv', /nothing\.csv: .*found nothing there/],
  ['table.model less.csv', /less\.csv: column "y": expected in the table/],
  ['table.model word.csv', /word\.csv: row at line 2, column "y": expected a finite number, found "two"/],
  ['table.model images,labels', /images,labels: expected a CSV file as in training, found images/],
  ['image.model good.csv', /good\.csv: expected images as in training, found a table/],
  ['image.model wide,labels', /wide,labels: expected images of 4 x 4 as in training, found 2 x 8/],
  ['nothing.model good.csv', /nothing\.model: expected a file, found nothing there/],
  ['other good.csv', /other: expected a file, found a folder/],
  ['good.csv good.csv', /good\.csv: expected a model that wasmlp train wrote, whole; /],
  ['cut.model good.csv', /cut\.model: expected a model that wasmlp train wrote, whole; .*cut/],
  ['short.model good.csv', /short\.model: expected a model that wasmlp train wrote, whole; .*cut/],
  ['lying.model good.csv', /lying\.model: expected /],
  [
    'bare.model good.csv',
    /bare\.model: expected a model that wasmlp train wrote, found one that says nothing/,
  ],
];

describe('train refuses', () => {
  it.each(TRAINING)('%s', (args, line) =>
    expectRefused(['train', ...args.split(' '), '--out', 'kept'], line),
  );

  it('a name for its model that cannot be written, before it looks at the data', async () => {
    const refusals = {
      'no/where': /--out: expected an existing folder, found none at no$/,
      other: /--out: .*file/,
    };
    for (const [out, line] of Object.entries(refusals))
      await expectRefused(['train', 'nothing.csv', '--out', out], line);
  });
});

describe('predict and evaluate refuse', () => {
  it.each(USE)('%s', async (args, line) => {
    await expectRefused(['predict', ...args.split(' '), '--out', 'kept'], line);
    await expectRefused(['evaluate', ...args.split(' ')], line);
  });

  it('truth that is missing, unknown, or an input', async () => {
    await expectRefused(['evaluate', 'table.model', 'gap.csv'], /line 3, column "side": expected a value/);
    await expectRefused(
      ['evaluate', 'table.model', 'class.csv'],
      /line 3, .*one of the classes left, right, found "middle"/,
    );
    await expectRefused(
      ['evaluate', 'image.model', 'images,unknown'],
      /image 6: expected one of the labels 3, 7, found 4/,
    );
    await expectRefused(['evaluate', 'table.model', 'good.csv', '--target', 'x'], /--target: .* got x$/);
    await expectRefused(
      ['evaluate', 'image.model', 'images,labels', '--target', 'x'],
      /--target: .*model of images$/,
    );
    await expectRefused(
      ['evaluate', 'image.model', 'images,labels', '--missing-target', 'drop'],
      /--missing-target: .*model of images$/,
    );
  });
});

describe('inspect refuses', () => {
  it.each(['nothing.model', 'cut.model', 'short.model', 'lying.model', 'good.csv', 'other'])('%s', (name) =>
    expectRefused(['inspect', name], new RegExp(`^wasmlp: ${name.replace('.', '\\.')}: expected `)),
  );

  it('not a model that the library saved', async () => {
    const { status, stdout } = await run('inspect', 'bare.model');
    expect(status).toBe(0);
    expect(stdout).toContain('2 inputs, loss softmaxCrossEntropy, seed 0, 6 parameters');
  });
});

describe('wasmlp refuses', () => {
  it.each([
    ['trian', /unknown command 'trian' \(Did you mean train\?\)/],
    ['predict table.model', /missing required argument 'data'/],
    ['train good.csv --lr', /option '--lr <rate>' argument missing/],
    ['--json', /unknown option '--json'/],
  ])('%s', (args, line) => expectRefused(args.split(' '), line));
});
