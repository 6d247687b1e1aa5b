/** Whether a supplier's reference on an eSIM is a unit's id: then the eSIM is for that unit and for no other. */
export const isUnitId = (tag: string | null): tag is string =>
  tag !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tag);
