import { json, redirect } from '@remix-run/node';
import { z } from 'zod';
import {
  changeView,
  deleteView,
  saveView,
  type ViewPage,
  type ViewRefusal,
} from '../settings/saved-views.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { notFound } from './edge.server.ts';
import { parseForm } from './form.server.ts';

const name = z.string().trim().min(1, 'Give the view a name.').max(60, 'Use at most 60 characters.');
const query = z.string().max(8000);
const viewId = z.uuid();
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('save'), name, query }),
  z.object({ intent: z.literal('rename'), viewId, name }),
  z.object({ intent: z.literal('change'), viewId, query }),
  z.object({ intent: z.literal('delete'), viewId }),
]);

/** What the tabs of a list page post. `path`: the page's own address. */
export async function keepView(request: Request, page: ViewPage, path: string) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'save': {
      const result = await saveView(shop, page, input);
      if (result.status === 'refused')
        return json({ status: 'refused' as const, text: words[result.reason] });
      const parameters = new URLSearchParams(result.view.query);
      parameters.set('view', result.view.id);
      return redirect(`${path}?${parameters.toString()}`);
    }
    case 'rename':
    case 'change': {
      const change = input.intent === 'rename' ? { name: input.name } : { query: input.query };
      const result = await changeView(shop, page, input.viewId, change);
      if (result.status === 'unknown') throw notFound();
      if (result.status === 'refused')
        return json({ status: 'refused' as const, text: words[result.reason] });
      return json({
        status: 'saved' as const,
        toast: input.intent === 'rename' ? 'View renamed' : 'View saved',
      });
    }
    case 'delete':
      if (!(await deleteView(shop, page, input.viewId))) throw notFound();
      return redirect(path);
    default:
      return input satisfies never;
  }
}

const words: Record<ViewRefusal, string> = {
  'name-taken': 'Another view has this name already. Choose another one.',
  'too-many': 'There are 50 views. Delete one that nobody needs any more.',
};
