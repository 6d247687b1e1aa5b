import { json, redirect, type ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { changeView, deleteView, saveView, type ViewRefusal } from '../catalogue/saved-views.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { notFound } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';

const name = z.string().trim().min(1, 'Give the view a name.').max(60, 'Use at most 60 characters.');
const query = z.string().max(8000);
const viewId = z.uuid();
const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('save'), name, query }),
  z.object({ intent: z.literal('rename'), viewId, name }),
  z.object({ intent: z.literal('change'), viewId, query }),
  z.object({ intent: z.literal('delete'), viewId }),
]);

/** The saved views of the catalogue page: its tabs. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop } = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'save': {
      const result = await saveView(shop, input);
      if (result.status === 'refused')
        return json({ status: 'refused' as const, text: words[result.reason] });
      const parameters = new URLSearchParams(result.view.query);
      parameters.set('view', result.view.id);
      return redirect(`/app/catalogue?${parameters.toString()}`);
    }
    case 'rename':
    case 'change': {
      const result = await changeView(
        shop,
        input.viewId,
        input.intent === 'rename' ? { name: input.name } : { query: input.query },
      );
      if (result.status === 'unknown') throw notFound();
      if (result.status === 'refused')
        return json({ status: 'refused' as const, text: words[result.reason] });
      return json({
        status: 'saved' as const,
        toast: input.intent === 'rename' ? 'View renamed' : 'View saved',
      });
    }
    case 'delete':
      if (!(await deleteView(shop, input.viewId))) throw notFound();
      return redirect('/app/catalogue');
    default:
      return input satisfies never;
  }
}

const words: Record<ViewRefusal, string> = {
  'name-taken': 'Another view has this name already. Choose another one.',
  'too-many': 'There are 50 views. Delete one that nobody needs any more.',
};
