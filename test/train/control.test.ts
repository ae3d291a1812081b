/** Who steers a run: reports, validation, aborts, exceptions, a second fit, dispose. The model stays usable after each. */
import { describe, expect, it } from 'vitest';
import { createEngine, type EpochReport, type Model, sgd } from 'wasmlp';
import { noise, smallNetwork, trained, xor } from '../support/problems.js';
import { engines } from '../support/public-engines.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

/** From new weights, a short run learns. */
async function expectUsable(model: Model): Promise<void> {
  using fresh = await smallNetwork(xor, model.engine, 2);
  model.setParameters(fresh.getParameters());
  const options = { epochs: 50, batchSize: 4, optimizer: sgd({ learningRate: 0.1 }) };
  const { loss } = await model.fit(xor.inputs, xor.labels, options);
  expect(loss.at(-1)).toBeLessThan(loss[0]!);
  expect(model.predict(xor.inputs).every(Number.isFinite)).toBe(true);
}

describe.each(engines)('on the $build build', ({ engine }) => {
  it('reports every epoch and waits for what onEpoch promises', async () => {
    const problem = noise(30);
    const reports: EpochReport[] = [];
    const events: string[] = [];
    using model = await smallNetwork(problem, engine);
    const history = await model.fit(problem.inputs, problem.labels, {
      epochs: 4,
      batchSize: 8,
      validation: { inputs: problem.inputs, labels: problem.labels },
      async onEpoch(report) {
        events.push(`begin ${report.epoch}`);
        await turn();
        reports.push({ ...report, validation: model.evaluate(problem.inputs, problem.labels) });
        expect(report.validation).toEqual(reports.at(-1)!.validation);
        events.push(`end ${report.epoch}`);
      },
    });
    expect(events).toEqual([1, 2, 3, 4].flatMap((epoch) => [`begin ${epoch}`, `end ${epoch}`]));
    expect(history).toMatchObject({
      loss: reports.map(({ loss }) => loss),
      accuracy: reports.map(({ accuracy }) => accuracy),
      validation: reports.map(({ validation }) => validation),
      epochs: 4,
      steps: 16,
    });
    expect(reports.map(({ epochs }) => epochs)).toEqual([4, 4, 4, 4]);
    expect(reports.every(({ seconds }, i) => i === 0 || seconds > reports[i - 1]!.seconds)).toBe(true);
    expect(history.samplesPerSecond).toBeGreaterThan(0);
  });

  it('counts correct predictions while training, unless told not to', async () => {
    using model = await smallNetwork(xor, engine);
    const before = model.evaluate(xor.inputs, xor.labels);
    const options = { epochs: 1, batchSize: 4 };
    const { accuracy } = await model.fit(xor.inputs, xor.labels, options);
    expect(accuracy).toEqual([before.accuracy]);
    expect(await model.fit(xor.inputs, xor.labels, { ...options, accuracy: false })).not.toHaveProperty(
      'accuracy',
    );
  });

  it('validationSplit keeps the last rows out of training', async () => {
    const { inputs, labels, ...problem } = noise(20);
    const split = { epochs: 5, batchSize: 4, validationSplit: 0.25 };
    using model = await smallNetwork({ inputs, labels, ...problem }, engine);
    const history = await model.fit(inputs, labels, split);
    const kept = { inputs: inputs.slice(0, 45), labels: labels.slice(0, 15), ...problem };
    const alone = await trained(kept, engine, { epochs: 5, batchSize: 4 });
    expect(model.getParameters()).toEqual(alone.parameters);
    expect(history.loss).toEqual(alone.loss);
    expect(history.validation).toHaveLength(5);
    expect(history.validation!.at(-1)).toEqual(model.evaluate(inputs.slice(45), labels.slice(15)));
  });

  it('validation changes nothing that is learned', async () => {
    const problem = noise(20);
    const options = { epochs: 6, batchSize: 8 };
    const validation = { inputs: problem.inputs, labels: problem.labels };
    expect(await trained(problem, engine, { ...options, validation })).toEqual(
      await trained(problem, engine, options),
    );
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('enough');
      },
    ],
    ['rejects', () => Promise.reject(new Error('enough'))],
  ])('an onEpoch that %s ends training after its epoch', async (_how, stop) => {
    using model = await smallNetwork(xor, engine);
    const options = { batchSize: 4, shuffle: false };
    const onEpoch = ({ epoch }: EpochReport) => (epoch === 3 ? stop() : undefined);
    await expect(model.fit(xor.inputs, xor.labels, { ...options, epochs: 100, onEpoch })).rejects.toThrow(
      'enough',
    );
    const { parameters } = await trained(xor, engine, { ...options, epochs: 3 });
    expect(model.getParameters()).toEqual(parameters);
    await expectUsable(model);
  });

  it('an aborted signal lets nothing begin', async () => {
    using model = await smallNetwork(xor, engine);
    const before = model.getParameters();
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(model.fit(xor.inputs, xor.labels, { signal })).rejects.toThrow('never mind');
    expect(model.getParameters()).toEqual(before);
    await expectUsable(model);
  });

  it('an abort is heard within a tenth of a second and keeps what was learned', async () => {
    using model = await smallNetwork(xor, engine);
    const before = model.getParameters();
    const controller = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort(new Error('stop'));
    }, 100);
    const run = model.fit(xor.inputs, xor.labels, { epochs: 1e9, batchSize: 4, signal: controller.signal });
    await expect(run).rejects.toThrow('stop');
    expect(performance.now() - aborted).toBeLessThan(100);
    const after = model.getParameters();
    expect(after).not.toEqual(before);
    expect(Object.values(after).every((values) => values.every(Number.isFinite))).toBe(true);
    await expectUsable(model);
  });

  it('a second fit before the first ended is refused, and the first goes on', async () => {
    using model = await smallNetwork(xor, engine);
    const options = { epochs: 30, batchSize: 4 };
    const first = model.fit(xor.inputs, xor.labels, { ...options, onEpoch: turn });
    await expect(model.fit(xor.inputs, xor.labels, options)).rejects.toThrow('one fit at a time');
    expect((await first).epochs).toBe(30);
    expect(model.getParameters()).toEqual((await trained(xor, engine, options)).parameters);
  });

  it('two models of one engine train at the same time', async () => {
    const alone = await trained(xor, engine, { epochs: 40, batchSize: 4 });
    const together = await Promise.all(
      [1, 2].map(() => trained(xor, engine, { epochs: 40, batchSize: 4, onEpoch: turn })),
    );
    expect(together).toEqual([alone, alone]);
  });

  it('a model that was disposed says so, whatever it is asked', async () => {
    const model = await smallNetwork(xor, engine);
    model.dispose();
    model.dispose();
    const asked: (() => unknown)[] = [
      () => model.predict(xor.inputs),
      () => model.evaluate(xor.inputs, xor.labels),
      () => model.gradients(xor.inputs, xor.labels),
      () => model.getParameters(),
      () => model.setParameters({}),
    ];
    for (const ask of asked) expect(ask).toThrow('disposed');
    await expect(model.fit(xor.inputs, xor.labels)).rejects.toThrow('disposed');
    await expect(model.save()).rejects.toThrow('disposed');
    await expect(model.describe()).rejects.toThrow('disposed');
  });

  it('a model in training cannot be disposed', async () => {
    using model = await smallNetwork(xor, engine);
    const run = model.fit(xor.inputs, xor.labels, { epochs: 10, onEpoch: turn });
    expect(() => model.dispose()).toThrow('fit');
    await run;
  });

  it('gives all memory back, however a run ended', async () => {
    using own = await createEngine({ reproducible: engine.info.build === 'plain' });
    const life = async () => {
      using model = await smallNetwork(xor, own, 1, 64);
      model.gradients(xor.inputs, xor.labels);
      model.evaluate(xor.inputs, xor.labels);
      const failing = { onEpoch: () => Promise.reject(new Error('enough')) };
      await model.fit(xor.inputs, xor.labels, failing).catch(() => {});
      await model.fit(() => [{ inputs: [[1, 'x']] as never, labels: [0] }]).catch(() => {});
      await model.fit(xor.inputs, xor.labels, { optimizer: sgd({ learningRate: 1e300 }) }).catch(() => {});
    };
    await life();
    const bytes = own.memory.buffer.byteLength;
    for (let i = 0; i < 30; i++) await life();
    expect(own.memory.buffer.byteLength).toBe(bytes);
  });
});
