-- What a team writes only its members change, so nobody could release what one of them wrote too late:
-- whoever reads the rows of all teams may. Of private ones the review does not say what they hold.
-- The list is that of shared/access/matrix.ts; a test compares.
update private.access_matrix set only_values = array[
    'inventory_items', 'vendors', 'vendor_items', 'item_locations', 'inventory_lots',
    'count_sessions', 'purchase_orders', 'purchase_order_lines', 'transfers', 'reorder_requests',
    'unmatched_scans', 'sds_documents', 'handout_templates', 'handout_template_versions',
    'handout_recall_targets', 'form_templates', 'form_template_versions', 'eos_teams',
    'l10_meetings', 'rocks', 'milestones', 'scorecard_metrics', 'scorecard_entries',
    'issue_votes', 'todos', 'headlines', 'cascading_acks', 'meeting_ratings', 'meeting_notes',
    'vto_drafts', 'pharma_companies', 'pharma_representatives', 'availability_overrides',
    'pharma_appointments', 'appointment_participants', 'waitlist_entries', 'consents', 'opt_outs',
    'vendor_prices', 'stock_acts', 'count_lines', 'purchase_order_acts', 'po_approvals',
    'sample_log', 'check_in_records', 'patient_field_changes', 'patient_field_decisions',
    'payment_transactions', 'meeting_events', 'rock_checkins', 'scorecard_goals', 'issues',
    'issue_resolutions', 'cascading_messages', 'vto_versions', 'comments', 'text_redactions',
    'appointment_approvals', 'visitor_sign_ins', 'meal_records', 'sample_deliveries',
    'rep_policy_acks', 'rep_communications', 'outage_log'
  ] where role = 'MG' and table_name = 'review_items'
    and operation in ('read', 'update', 'approve');
