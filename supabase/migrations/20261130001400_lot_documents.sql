-- Whether each lot of an item comes with the documents of its trade; null where none are kept.
alter table public.inventory_items
  add column document_policy text,
  add constraint inventory_items_document_policy_check
    check (document_policy in ('optional', 'required')) not valid;
-- allow constraint-not-valid: the column is new, and empty
alter table public.inventory_items validate constraint inventory_items_document_policy_check;
grant insert (document_policy) on table public.inventory_items to authenticated;
grant update (document_policy) on table public.inventory_items to authenticated;
