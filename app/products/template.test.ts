import { expect, test } from 'vitest';
import { renderTexts, textFields, toHandle, type Templates } from './template.ts';

const plain: Templates = {
  ...{
    title: '{{ destination }} eSIM',
    description: '<p>{{ destination }}</p>',
    seoTitle: '',
    seoDescription: '',
  },
  ...{
    handle: '{{ destination }}-esim',
    tags: 'eSIM, {{ destination }}',
    productType: 'eSIM',
    vendor: 'Shop',
  },
};
const facts = { destination: 'France', data: ['1 GB', '3 GB'] };

const wrong = (templates: Partial<Templates>, about: object = facts) => {
  const rendered = renderTexts({ ...plain, ...templates }, about);
  return rendered.status === 'invalid' ? rendered.fields : {};
};

test('fields are filled in, tags become a list and the handle fit for an address', () => {
  expect(renderTexts(plain, { ...facts, destination: "Côte d'Ivoire" })).toEqual({
    status: 'rendered',
    texts: {
      ...{
        title: "Côte d'Ivoire eSIM",
        description: '<p>Côte d&#39;Ivoire</p>',
        seoTitle: '',
        seoDescription: '',
      },
      ...{
        handle: 'cote-d-ivoire-esim',
        tags: ['eSIM', "Côte d'Ivoire"],
        productType: 'eSIM',
        vendor: 'Shop',
      },
    },
  });
});

test('the supplier’s words are text, never markup, whatever the template does with them', () => {
  const evil = { destination: '<script>alert("1")</script>{{ data }}', data: [] };
  for (const description of [
    '<p>{{ destination }}</p>',
    '{{ destination | upcase }}',
    '{% assign x = destination %}{{ x }}',
    '{% capture x %}{{ destination }}{% endcapture %}{{ x }}',
    '{{ destination | append: destination }}',
    '{% for part in destination %}{{ part }}{% endfor %}',
    '{% cycle destination, "x" %}',
    '{{ destination | split: "~" | first }}',
  ]) {
    const rendered = renderTexts({ ...plain, description }, evil);
    if (rendered.status !== 'rendered') throw new Error(JSON.stringify(rendered.fields));
    expect(rendered.texts.description.toLowerCase(), description).not.toContain('<script');
  }
  expect(wrong({ description: '{{ destination | raw }}' })).toEqual({
    description: 'There is no filter “raw”.',
  });
});

test('a template reads no file, no other object and nothing of ours', () => {
  for (const template of [
    '{% include "/etc/passwd" %}',
    '{% render "x" %}',
    '{% layout "x" %}',
    '{{ constructor }}',
    '{{ destination.constructor }}',
    '{{ __proto__ }}',
    '{{ process.env }}',
  ])
    expect(Object.keys(wrong({ title: template })), template).toEqual(['title']);
});

test('one that never ends, or grows without end, is refused instead of stopping the shop', () => {
  const endless = '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}';
  const growing =
    '{% assign x = "xxxxxxxxxxxxxxxx" %}{% for a in (1..60) %}{% assign x = x | append: x %}{% endfor %}';
  const sentence = 'This is too long, or takes too long to work out.';
  expect(wrong({ title: endless, description: growing })).toEqual({ title: sentence, description: sentence });
  expect(wrong({ title: 'x'.repeat(20_001) })).toEqual({ title: sentence });
});

test('a mistake is named at its field in words', () => {
  expect(wrong({ title: '{{ contry }}' })).toEqual({
    title: 'There is no field “contry”. Choose one from the list.',
  });
  expect(wrong({ seoTitle: '{{ data | reverse_it }}' })).toEqual({
    seoTitle: 'There is no filter “reverse_it”.',
  });
  expect(wrong({ tags: '{% if data %}x' })).toEqual({
    tags: expect.stringContaining('not closed') as unknown,
  });
  expect(wrong({ vendor: '{% foo %}' })).toEqual({ vendor: 'The tag “foo” cannot be used here.' });
  expect(wrong({ title: '{{ ' })).toEqual({
    title: expect.stringMatching(/^Something is not closed/) as unknown,
  });
  expect(wrong({ title: '{% if data %}{% endif %}' })).toEqual({
    title: 'A product needs a title, and this one comes out empty.',
  });
  expect(wrong({ title: 'x'.repeat(256) })).toMatchObject({
    title: expect.stringContaining('256') as unknown,
  });
  expect(wrong({ handle: '日本' })).toMatchObject({ handle: expect.stringContaining('Latin') as unknown });
  expect(textFields.every((field) => wrong({ [field]: '{{ nothing }}' })[field] !== undefined)).toBe(true);
});

test('a handle is never longer than an address may be, and ends in no hyphen', () => {
  expect(toHandle(' Zürich & Genève! ')).toBe('zurich-geneve');
  expect(toHandle(`${'a'.repeat(199)}-b`)).toBe('a'.repeat(199));
});
