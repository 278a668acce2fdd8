// Written by scripts/schema/database-types.ts from the migrations: change those, not this file.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  public: {
    Tables: {
      ai_analysis_results: {
        Row: {
          citations: Json;
          confidence_bp: number | null;
          cost_cents: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          input_fields: Json;
          input_hash: string;
          latency_ms: number;
          location_id: string;
          model: string;
          model_version: string | null;
          output: string | null;
          output_hash: string | null;
          patient_id: string;
          prompt_template_version: string;
          provider: string;
          purpose: 'draft_letter' | 'gap_check' | 'extract' | 'predict';
          recommendation: 'gather_more' | 'ready' | 'consider_alternative' | 'escalate' | null;
          recorded_at: string;
          redactions: number;
          request_id: string;
          row_version: string;
          row_xid: string;
          run_state: 'ok' | 'failed' | 'blocked';
          schema_version: number;
          started_at: string;
          supersedes_id: string | null;
          warnings: Json;
        };
        Insert: {
          citations: Json;
          confidence_bp?: number | null;
          cost_cents?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          input_fields: Json;
          input_hash: string;
          latency_ms: number;
          location_id: string;
          model: string;
          model_version?: string | null;
          output?: string | null;
          output_hash?: string | null;
          patient_id: string;
          prompt_template_version: string;
          provider: string;
          purpose: 'draft_letter' | 'gap_check' | 'extract' | 'predict';
          recommendation?: 'gather_more' | 'ready' | 'consider_alternative' | 'escalate' | null;
          recorded_at?: string;
          redactions: number;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          run_state: 'ok' | 'failed' | 'blocked';
          schema_version?: number;
          started_at: string;
          supersedes_id?: string | null;
          warnings: Json;
        };
        Update: {
          citations?: Json;
          confidence_bp?: number | null;
          cost_cents?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          input_fields?: Json;
          input_hash?: string;
          latency_ms?: number;
          location_id?: string;
          model?: string;
          model_version?: string | null;
          output?: string | null;
          output_hash?: string | null;
          patient_id?: string;
          prompt_template_version?: string;
          provider?: string;
          purpose?: 'draft_letter' | 'gap_check' | 'extract' | 'predict';
          recommendation?: 'gather_more' | 'ready' | 'consider_alternative' | 'escalate' | null;
          recorded_at?: string;
          redactions?: number;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          run_state?: 'ok' | 'failed' | 'blocked';
          schema_version?: number;
          started_at?: string;
          supersedes_id?: string | null;
          warnings?: Json;
        };
        Relationships: [
          {
            foreignKeyName: 'ai_analysis_results_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_analysis_results_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_analysis_results_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_analysis_results_supersedes_id_fkey';
            columns: ['supersedes_id'];
            isOneToOne: false;
            referencedRelation: 'ai_analysis_results';
            referencedColumns: ['id'];
          },
        ];
      };
      ai_reviews: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          edited_text: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          reason: string | null;
          recorded_at: string;
          request_id: string;
          result_id: string;
          reviewer_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          verdict: 'agree' | 'edit' | 'reject';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          edited_text?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          reason?: string | null;
          recorded_at?: string;
          request_id: string;
          result_id: string;
          reviewer_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          verdict: 'agree' | 'edit' | 'reject';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          edited_text?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          reason?: string | null;
          recorded_at?: string;
          request_id?: string;
          result_id?: string;
          reviewer_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          verdict?: 'agree' | 'edit' | 'reject';
        };
        Relationships: [
          {
            foreignKeyName: 'ai_reviews_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_reviews_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_reviews_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_reviews_result_id_fkey';
            columns: ['result_id'];
            isOneToOne: false;
            referencedRelation: 'ai_analysis_results';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'ai_reviews_reviewer_id_fkey';
            columns: ['reviewer_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      appeals: {
        Row: {
          argument: string | null;
          assigned_to: string | null;
          created_at: string;
          created_by: string | null;
          deadline_on: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          level: 'resubmit' | 'peer_to_peer' | 'internal' | 'external';
          location_id: string;
          patient_id: string;
          recorded_at: string;
          request_id: string;
          response_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'preparing' | 'filed' | 'upheld' | 'overturned' | 'withdrawn';
        };
        Insert: {
          argument?: string | null;
          assigned_to?: string | null;
          created_at?: string;
          created_by?: string | null;
          deadline_on?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          level: 'resubmit' | 'peer_to_peer' | 'internal' | 'external';
          location_id: string;
          patient_id: string;
          recorded_at?: string;
          request_id: string;
          response_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'preparing' | 'filed' | 'upheld' | 'overturned' | 'withdrawn';
        };
        Update: {
          argument?: string | null;
          assigned_to?: string | null;
          created_at?: string;
          created_by?: string | null;
          deadline_on?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          level?: 'resubmit' | 'peer_to_peer' | 'internal' | 'external';
          location_id?: string;
          patient_id?: string;
          recorded_at?: string;
          request_id?: string;
          response_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'preparing' | 'filed' | 'upheld' | 'overturned' | 'withdrawn';
        };
        Relationships: [
          {
            foreignKeyName: 'appeals_assigned_to_fkey';
            columns: ['assigned_to'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appeals_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appeals_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appeals_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appeals_response_id_fkey';
            columns: ['response_id'];
            isOneToOne: false;
            referencedRelation: 'insurance_responses';
            referencedColumns: ['id'];
          },
        ];
      };
      appointment_approvals: {
        Row: {
          appointment_id: string;
          approver_id: string;
          basis_version: string;
          created_at: string;
          created_by: string | null;
          decision: 'approved' | 'denied';
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          reason: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          stage: number;
        };
        Insert: {
          appointment_id: string;
          approver_id: string;
          basis_version: string;
          created_at?: string;
          created_by?: string | null;
          decision: 'approved' | 'denied';
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          stage: number;
        };
        Update: {
          appointment_id?: string;
          approver_id?: string;
          basis_version?: string;
          created_at?: string;
          created_by?: string | null;
          decision?: 'approved' | 'denied';
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          stage?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'appointment_approvals_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appointment_approvals_approver_id_fkey';
            columns: ['approver_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appointment_approvals_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      appointment_participants: {
        Row: {
          appointment_id: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          dietary_note: string | null;
          field_by: Json;
          field_hlc: Json;
          guest_name: string | null;
          id: string;
          location_id: string;
          person_key: string;
          recorded_at: string;
          response: 'invited' | 'accepted' | 'declined';
          row_version: string;
          row_xid: string;
          schema_version: number;
          user_id: string | null;
        };
        Insert: {
          appointment_id: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          dietary_note?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          guest_name?: string | null;
          id: string;
          location_id: string;
          person_key: string;
          recorded_at?: string;
          response: 'invited' | 'accepted' | 'declined';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id?: string | null;
        };
        Update: {
          appointment_id?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          dietary_note?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          guest_name?: string | null;
          id?: string;
          location_id?: string;
          person_key?: string;
          recorded_at?: string;
          response?: 'invited' | 'accepted' | 'declined';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'appointment_participants_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appointment_participants_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appointment_participants_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      appointments: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          ehr_id: string | null;
          ends_at: string;
          field_by: Json;
          field_hlc: Json;
          id: string;
          local_date: string;
          location_id: string;
          patient_id: string;
          provider_id: string | null;
          reason: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          source_version: number;
          starts_at: string;
          status:
            | 'proposed'
            | 'pending'
            | 'booked'
            | 'arrived'
            | 'checked-in'
            | 'fulfilled'
            | 'cancelled'
            | 'noshow'
            | 'waitlist'
            | 'entered-in-error';
          type: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          ehr_id?: string | null;
          ends_at: string;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          local_date: string;
          location_id: string;
          patient_id: string;
          provider_id?: string | null;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_version: number;
          starts_at: string;
          status:
            | 'proposed'
            | 'pending'
            | 'booked'
            | 'arrived'
            | 'checked-in'
            | 'fulfilled'
            | 'cancelled'
            | 'noshow'
            | 'waitlist'
            | 'entered-in-error';
          type: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          ehr_id?: string | null;
          ends_at?: string;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          local_date?: string;
          location_id?: string;
          patient_id?: string;
          provider_id?: string | null;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_version?: number;
          starts_at?: string;
          status?:
            | 'proposed'
            | 'pending'
            | 'booked'
            | 'arrived'
            | 'checked-in'
            | 'fulfilled'
            | 'cancelled'
            | 'noshow'
            | 'waitlist'
            | 'entered-in-error';
          type?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'appointments_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appointments_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'appointments_provider_id_fkey';
            columns: ['provider_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      audit_logs: {
        Row: {
          acting_as: string | null;
          action:
            | 'insert'
            | 'update'
            | 'refuse'
            | 'expand'
            | 'post'
            | 'read'
            | 'list'
            | 'print'
            | 'export'
            | 'sign_in'
            | 'sign_out'
            | 'break_glass';
          actor_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          field_names: Json;
          hash: string;
          id: string;
          location_id: string | null;
          occurred_at: string | null;
          outcome: string;
          patient_ref: string | null;
          prev_hash: string;
          purpose: string | null;
          recorded_at: string;
          row_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          seq: number;
          table_name: string;
        };
        Insert: {
          acting_as?: string | null;
          action:
            | 'insert'
            | 'update'
            | 'refuse'
            | 'expand'
            | 'post'
            | 'read'
            | 'list'
            | 'print'
            | 'export'
            | 'sign_in'
            | 'sign_out'
            | 'break_glass';
          actor_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field_names: Json;
          hash: string;
          id: string;
          location_id?: string | null;
          occurred_at?: string | null;
          outcome: string;
          patient_ref?: string | null;
          prev_hash: string;
          purpose?: string | null;
          recorded_at: string;
          row_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seq: number;
          table_name: string;
        };
        Update: {
          acting_as?: string | null;
          action?:
            | 'insert'
            | 'update'
            | 'refuse'
            | 'expand'
            | 'post'
            | 'read'
            | 'list'
            | 'print'
            | 'export'
            | 'sign_in'
            | 'sign_out'
            | 'break_glass';
          actor_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field_names?: Json;
          hash?: string;
          id?: string;
          location_id?: string | null;
          occurred_at?: string | null;
          outcome?: string;
          patient_ref?: string | null;
          prev_hash?: string;
          purpose?: string | null;
          recorded_at?: string;
          row_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seq?: number;
          table_name?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'audit_logs_acting_as_fkey';
            columns: ['acting_as'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'audit_logs_actor_id_fkey';
            columns: ['actor_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'audit_logs_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      authorization_evidence: {
        Row: {
          body: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          effective_on: string | null;
          file_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          provenance: 'human' | 'ai' | 'import';
          recorded_at: string;
          replaces_id: string | null;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          source_ref: string | null;
          type: 'chart' | 'lab' | 'photo' | 'score' | 'literature' | 'guideline' | 'letter';
        };
        Insert: {
          body?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_on?: string | null;
          file_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          provenance: 'human' | 'ai' | 'import';
          recorded_at?: string;
          replaces_id?: string | null;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_ref?: string | null;
          type: 'chart' | 'lab' | 'photo' | 'score' | 'literature' | 'guideline' | 'letter';
        };
        Update: {
          body?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_on?: string | null;
          file_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          provenance?: 'human' | 'ai' | 'import';
          recorded_at?: string;
          replaces_id?: string | null;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_ref?: string | null;
          type?: 'chart' | 'lab' | 'photo' | 'score' | 'literature' | 'guideline' | 'letter';
        };
        Relationships: [
          {
            foreignKeyName: 'authorization_evidence_file_id_fkey';
            columns: ['file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_evidence_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_evidence_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_evidence_replaces_id_fkey';
            columns: ['replaces_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_evidence';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_evidence_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
        ];
      };
      authorization_requests: {
        Row: {
          assigned_to: string | null;
          benefit_type: 'pharmacy' | 'medical';
          coverage_id: string | null;
          coverage_snapshot: Json | null;
          created_at: string;
          created_by: string | null;
          days_supply: number | null;
          deleted_at: string | null;
          device_id: string | null;
          dose: string | null;
          duration_months: number | null;
          dx_codes: Json;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind: 'initial' | 'renewal' | 'appeal_of';
          location_id: string;
          medication_id: string;
          necessity: string | null;
          next_action: string | null;
          next_action_at: string | null;
          parent_id: string | null;
          patient_id: string;
          prescriber_id: string;
          quantity: string | null;
          recorded_at: string;
          regime: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          request_no: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status:
            | 'draft'
            | 'gathering'
            | 'ready_for_review'
            | 'signed'
            | 'submitted'
            | 'pended'
            | 'more_info'
            | 'approved'
            | 'partially_approved'
            | 'denied'
            | 'deemed_granted'
            | 'withdrawn'
            | 'expired'
            | 'duplicate_submission';
          urgency: 'standard' | 'expedited';
          urgency_attested_by: string | null;
        };
        Insert: {
          assigned_to?: string | null;
          benefit_type: 'pharmacy' | 'medical';
          coverage_id?: string | null;
          coverage_snapshot?: Json | null;
          created_at?: string;
          created_by?: string | null;
          days_supply?: number | null;
          deleted_at?: string | null;
          device_id?: string | null;
          dose?: string | null;
          duration_months?: number | null;
          dx_codes: Json;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind: 'initial' | 'renewal' | 'appeal_of';
          location_id: string;
          medication_id: string;
          necessity?: string | null;
          next_action?: string | null;
          next_action_at?: string | null;
          parent_id?: string | null;
          patient_id: string;
          prescriber_id: string;
          quantity?: string | null;
          recorded_at?: string;
          regime: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          request_no?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status:
            | 'draft'
            | 'gathering'
            | 'ready_for_review'
            | 'signed'
            | 'submitted'
            | 'pended'
            | 'more_info'
            | 'approved'
            | 'partially_approved'
            | 'denied'
            | 'deemed_granted'
            | 'withdrawn'
            | 'expired'
            | 'duplicate_submission';
          urgency: 'standard' | 'expedited';
          urgency_attested_by?: string | null;
        };
        Update: {
          assigned_to?: string | null;
          benefit_type?: 'pharmacy' | 'medical';
          coverage_id?: string | null;
          coverage_snapshot?: Json | null;
          created_at?: string;
          created_by?: string | null;
          days_supply?: number | null;
          deleted_at?: string | null;
          device_id?: string | null;
          dose?: string | null;
          duration_months?: number | null;
          dx_codes?: Json;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?: 'initial' | 'renewal' | 'appeal_of';
          location_id?: string;
          medication_id?: string;
          necessity?: string | null;
          next_action?: string | null;
          next_action_at?: string | null;
          parent_id?: string | null;
          patient_id?: string;
          prescriber_id?: string;
          quantity?: string | null;
          recorded_at?: string;
          regime?: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          request_no?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?:
            | 'draft'
            | 'gathering'
            | 'ready_for_review'
            | 'signed'
            | 'submitted'
            | 'pended'
            | 'more_info'
            | 'approved'
            | 'partially_approved'
            | 'denied'
            | 'deemed_granted'
            | 'withdrawn'
            | 'expired'
            | 'duplicate_submission';
          urgency?: 'standard' | 'expedited';
          urgency_attested_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'authorization_requests_assigned_to_fkey';
            columns: ['assigned_to'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_coverage_id_fkey';
            columns: ['coverage_id'];
            isOneToOne: false;
            referencedRelation: 'coverages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_medication_id_fkey';
            columns: ['medication_id'];
            isOneToOne: false;
            referencedRelation: 'medications';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_parent_id_fkey';
            columns: ['parent_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_prescriber_id_fkey';
            columns: ['prescriber_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_requests_urgency_attested_by_fkey';
            columns: ['urgency_attested_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      authorization_summaries: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          location_id: string;
          patient_id: string;
          recorded_at: string;
          request_no: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status:
            | 'draft'
            | 'gathering'
            | 'ready_for_review'
            | 'signed'
            | 'submitted'
            | 'pended'
            | 'more_info'
            | 'approved'
            | 'partially_approved'
            | 'denied'
            | 'deemed_granted'
            | 'withdrawn'
            | 'expired'
            | 'duplicate_submission';
          urgency: 'standard' | 'expedited';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          location_id: string;
          patient_id: string;
          recorded_at?: string;
          request_no?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status:
            | 'draft'
            | 'gathering'
            | 'ready_for_review'
            | 'signed'
            | 'submitted'
            | 'pended'
            | 'more_info'
            | 'approved'
            | 'partially_approved'
            | 'denied'
            | 'deemed_granted'
            | 'withdrawn'
            | 'expired'
            | 'duplicate_submission';
          urgency: 'standard' | 'expedited';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          location_id?: string;
          patient_id?: string;
          recorded_at?: string;
          request_no?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?:
            | 'draft'
            | 'gathering'
            | 'ready_for_review'
            | 'signed'
            | 'submitted'
            | 'pended'
            | 'more_info'
            | 'approved'
            | 'partially_approved'
            | 'denied'
            | 'deemed_granted'
            | 'withdrawn'
            | 'expired'
            | 'duplicate_submission';
          urgency?: 'standard' | 'expedited';
        };
        Relationships: [
          {
            foreignKeyName: 'authorization_summaries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'authorization_summaries_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      availability_overrides: {
        Row: {
          activity_id: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          end_minute: number | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind: 'blackout' | 'special' | 'closed' | 'open';
          local_date: string;
          location_id: string;
          reason: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          start_minute: number | null;
        };
        Insert: {
          activity_id: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          end_minute?: number | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind: 'blackout' | 'special' | 'closed' | 'open';
          local_date: string;
          location_id: string;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          start_minute?: number | null;
        };
        Update: {
          activity_id?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          end_minute?: number | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?: 'blackout' | 'special' | 'closed' | 'open';
          local_date?: string;
          location_id?: string;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          start_minute?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: 'availability_overrides_activity_id_fkey';
            columns: ['activity_id'];
            isOneToOne: false;
            referencedRelation: 'scheduling_activities';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'availability_overrides_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      cascading_acks: {
        Row: {
          ack: Json;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          message_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
          user_id: string;
        };
        Insert: {
          ack: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          message_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
          user_id: string;
        };
        Update: {
          ack?: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          message_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'cascading_acks_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'cascading_acks_message_id_fkey';
            columns: ['message_id'];
            isOneToOne: false;
            referencedRelation: 'cascading_messages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'cascading_acks_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'cascading_acks_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      cascading_messages: {
        Row: {
          body: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          from_team_id: string;
          hlc: string;
          id: string;
          location_id: string | null;
          meeting_id: string | null;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
        };
        Insert: {
          body: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          from_team_id: string;
          hlc: string;
          id: string;
          location_id?: string | null;
          meeting_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
        };
        Update: {
          body?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          from_team_id?: string;
          hlc?: string;
          id?: string;
          location_id?: string | null;
          meeting_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'cascading_messages_from_team_id_fkey';
            columns: ['from_team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'cascading_messages_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'cascading_messages_meeting_id_fkey';
            columns: ['meeting_id'];
            isOneToOne: false;
            referencedRelation: 'l10_meetings';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'cascading_messages_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      check_in_records: {
        Row: {
          appointment_id: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          event: 'arrived' | 'checked_in' | 'undo' | 'left' | 'roomed';
          hlc: string;
          id: string;
          local_date: string;
          location_id: string;
          occurred_at: string;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          session_id: string | null;
          source: 'kiosk' | 'desk' | 'home';
          undoes_id: string | null;
        };
        Insert: {
          appointment_id: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          event: 'arrived' | 'checked_in' | 'undo' | 'left' | 'roomed';
          hlc: string;
          id: string;
          local_date: string;
          location_id: string;
          occurred_at: string;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
          source: 'kiosk' | 'desk' | 'home';
          undoes_id?: string | null;
        };
        Update: {
          appointment_id?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          event?: 'arrived' | 'checked_in' | 'undo' | 'left' | 'roomed';
          hlc?: string;
          id?: string;
          local_date?: string;
          location_id?: string;
          occurred_at?: string;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
          source?: 'kiosk' | 'desk' | 'home';
          undoes_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'check_in_records_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'check_in_records_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'check_in_records_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'check_in_records_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'kiosk_sessions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'check_in_records_undoes_id_fkey';
            columns: ['undoes_id'];
            isOneToOne: false;
            referencedRelation: 'check_in_records';
            referencedColumns: ['id'];
          },
        ];
      };
      comments: {
        Row: {
          about_id: string;
          about_table: 'rocks' | 'issues' | 'todos' | 'headlines' | 'scorecard_metrics';
          body: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string | null;
          origin_seq: string | null;
          private: boolean;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
        };
        Insert: {
          about_id: string;
          about_table: 'rocks' | 'issues' | 'todos' | 'headlines' | 'scorecard_metrics';
          body: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id?: string | null;
          origin_seq?: string | null;
          private: boolean;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
        };
        Update: {
          about_id?: string;
          about_table?: 'rocks' | 'issues' | 'todos' | 'headlines' | 'scorecard_metrics';
          body?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          private?: boolean;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'comments_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'comments_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      communication_events: {
        Row: {
          channel: 'sms' | 'email' | 'voice' | 'portal';
          created_at: string;
          created_by: string | null;
          destination_hash: string;
          device_id: string | null;
          error_code: string | null;
          event:
            | 'queued'
            | 'consent_checked'
            | 'consent_blocked'
            | 'sent'
            | 'delivered'
            | 'failed'
            | 'bounced'
            | 'opened'
            | 'link_expired'
            | 'opted_out'
            | 'printed'
            | 'acknowledged';
          id: string;
          location_id: string | null;
          message_id: string;
          occurred_at: string;
          patient_id: string | null;
          provider_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          template_code: string;
        };
        Insert: {
          channel: 'sms' | 'email' | 'voice' | 'portal';
          created_at?: string;
          created_by?: string | null;
          destination_hash: string;
          device_id?: string | null;
          error_code?: string | null;
          event:
            | 'queued'
            | 'consent_checked'
            | 'consent_blocked'
            | 'sent'
            | 'delivered'
            | 'failed'
            | 'bounced'
            | 'opened'
            | 'link_expired'
            | 'opted_out'
            | 'printed'
            | 'acknowledged';
          id: string;
          location_id?: string | null;
          message_id: string;
          occurred_at: string;
          patient_id?: string | null;
          provider_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          template_code: string;
        };
        Update: {
          channel?: 'sms' | 'email' | 'voice' | 'portal';
          created_at?: string;
          created_by?: string | null;
          destination_hash?: string;
          device_id?: string | null;
          error_code?: string | null;
          event?:
            | 'queued'
            | 'consent_checked'
            | 'consent_blocked'
            | 'sent'
            | 'delivered'
            | 'failed'
            | 'bounced'
            | 'opened'
            | 'link_expired'
            | 'opted_out'
            | 'printed'
            | 'acknowledged';
          id?: string;
          location_id?: string | null;
          message_id?: string;
          occurred_at?: string;
          patient_id?: string | null;
          provider_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          template_code?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'communication_events_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'communication_events_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      conflict_log: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          field: string;
          id: string;
          kept_by: string | null;
          kept_hlc: string;
          kept_value: Json | null;
          location_id: string | null;
          lost_by: string | null;
          lost_hlc: string;
          lost_value: Json | null;
          recorded_at: string;
          row_id: string;
          row_version: string;
          row_xid: string;
          rule: 'LWW' | 'HR';
          schema_version: number;
          table_name: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field: string;
          id: string;
          kept_by?: string | null;
          kept_hlc: string;
          kept_value?: Json | null;
          location_id?: string | null;
          lost_by?: string | null;
          lost_hlc: string;
          lost_value?: Json | null;
          recorded_at?: string;
          row_id: string;
          row_version?: string;
          row_xid?: string;
          rule: 'LWW' | 'HR';
          schema_version?: number;
          table_name: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field?: string;
          id?: string;
          kept_by?: string | null;
          kept_hlc?: string;
          kept_value?: Json | null;
          location_id?: string | null;
          lost_by?: string | null;
          lost_hlc?: string;
          lost_value?: Json | null;
          recorded_at?: string;
          row_id?: string;
          row_version?: string;
          row_xid?: string;
          rule?: 'LWW' | 'HR';
          schema_version?: number;
          table_name?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'conflict_log_kept_by_fkey';
            columns: ['kept_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conflict_log_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'conflict_log_lost_by_fkey';
            columns: ['lost_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      consents: {
        Row: {
          created_at: string;
          created_by: string | null;
          decision: 'given' | 'declined' | 'revoked';
          device_id: string | null;
          document_version_id: string | null;
          given_at: string;
          hlc: string;
          id: string;
          location_id: string;
          method: 'verbal' | 'written' | 'digital' | 'kiosk';
          origin_seq: string | null;
          patient_id: string;
          proxy_name: string | null;
          proxy_relation: string | null;
          purpose: 'sms' | 'email' | 'treatment' | 'photo' | 'financial' | 'ai' | 'e_signature';
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          decision: 'given' | 'declined' | 'revoked';
          device_id?: string | null;
          document_version_id?: string | null;
          given_at: string;
          hlc: string;
          id: string;
          location_id: string;
          method: 'verbal' | 'written' | 'digital' | 'kiosk';
          origin_seq?: string | null;
          patient_id: string;
          proxy_name?: string | null;
          proxy_relation?: string | null;
          purpose: 'sms' | 'email' | 'treatment' | 'photo' | 'financial' | 'ai' | 'e_signature';
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          decision?: 'given' | 'declined' | 'revoked';
          device_id?: string | null;
          document_version_id?: string | null;
          given_at?: string;
          hlc?: string;
          id?: string;
          location_id?: string;
          method?: 'verbal' | 'written' | 'digital' | 'kiosk';
          origin_seq?: string | null;
          patient_id?: string;
          proxy_name?: string | null;
          proxy_relation?: string | null;
          purpose?: 'sms' | 'email' | 'treatment' | 'photo' | 'financial' | 'ai' | 'e_signature';
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'consents_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'consents_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      count_lines: {
        Row: {
          counted_at: string;
          counted_qty: string;
          counter_id: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          item_id: string;
          location_id: string;
          lot_id: string | null;
          origin_seq: string | null;
          pass: number;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          session_id: string;
        };
        Insert: {
          counted_at: string;
          counted_qty: string;
          counter_id: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          item_id: string;
          location_id: string;
          lot_id?: string | null;
          origin_seq?: string | null;
          pass: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id: string;
        };
        Update: {
          counted_at?: string;
          counted_qty?: string;
          counter_id?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          item_id?: string;
          location_id?: string;
          lot_id?: string | null;
          origin_seq?: string | null;
          pass?: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'count_lines_counter_id_fkey';
            columns: ['counter_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'count_lines_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'count_lines_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'count_lines_lot_id_fkey';
            columns: ['lot_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_lots';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'count_lines_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'count_sessions';
            referencedColumns: ['id'];
          },
        ];
      };
      count_sessions: {
        Row: {
          blind: boolean;
          counted_by: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind: 'full' | 'cycle' | 'spot';
          line_count: number | null;
          location_id: string;
          note: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          started_at: string;
          status: 'open' | 'submitted' | 'in_review' | 'posted' | 'voided';
          zone: string | null;
        };
        Insert: {
          blind: boolean;
          counted_by: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind: 'full' | 'cycle' | 'spot';
          line_count?: number | null;
          location_id: string;
          note?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          started_at: string;
          status: 'open' | 'submitted' | 'in_review' | 'posted' | 'voided';
          zone?: string | null;
        };
        Update: {
          blind?: boolean;
          counted_by?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?: 'full' | 'cycle' | 'spot';
          line_count?: number | null;
          location_id?: string;
          note?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          started_at?: string;
          status?: 'open' | 'submitted' | 'in_review' | 'posted' | 'voided';
          zone?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'count_sessions_counted_by_fkey';
            columns: ['counted_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'count_sessions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      coverages: {
        Row: {
          bin: string | null;
          card_back_file_id: string | null;
          card_front_file_id: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          group_no: string | null;
          id: string;
          location_id: string;
          member_id: string;
          patient_id: string;
          payer: string;
          pcn: string | null;
          plan: string | null;
          rank: number;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          subscriber: string | null;
          valid_from: string | null;
          valid_to: string | null;
        };
        Insert: {
          bin?: string | null;
          card_back_file_id?: string | null;
          card_front_file_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          group_no?: string | null;
          id: string;
          location_id: string;
          member_id: string;
          patient_id: string;
          payer: string;
          pcn?: string | null;
          plan?: string | null;
          rank: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          subscriber?: string | null;
          valid_from?: string | null;
          valid_to?: string | null;
        };
        Update: {
          bin?: string | null;
          card_back_file_id?: string | null;
          card_front_file_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          group_no?: string | null;
          id?: string;
          location_id?: string;
          member_id?: string;
          patient_id?: string;
          payer?: string;
          pcn?: string | null;
          plan?: string | null;
          rank?: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          subscriber?: string | null;
          valid_from?: string | null;
          valid_to?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'coverages_card_back_file_id_fkey';
            columns: ['card_back_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'coverages_card_front_file_id_fkey';
            columns: ['card_front_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'coverages_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'coverages_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      criteria_checks: {
        Row: {
          content_hash: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          engine_version: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          request_id: string;
          results: Json;
          row_version: string;
          row_xid: string;
          rule_version_id: string;
          schema_version: number;
        };
        Insert: {
          content_hash: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          engine_version: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          request_id: string;
          results: Json;
          row_version?: string;
          row_xid?: string;
          rule_version_id: string;
          schema_version?: number;
        };
        Update: {
          content_hash?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          engine_version?: string;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          request_id?: string;
          results?: Json;
          row_version?: string;
          row_xid?: string;
          rule_version_id?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'criteria_checks_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'criteria_checks_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'criteria_checks_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'criteria_checks_rule_version_id_fkey';
            columns: ['rule_version_id'];
            isOneToOne: false;
            referencedRelation: 'payer_rule_versions';
            referencedColumns: ['id'];
          },
        ];
      };
      delivery_tracking: {
        Row: {
          attempt_no: number;
          channel: 'print' | 'email' | 'sms' | 'portal' | 'qr';
          created_at: string;
          created_by: string | null;
          destination_hash: string | null;
          destination_tail: string | null;
          device_id: string | null;
          error_code: string | null;
          event:
            | 'queued'
            | 'consent_checked'
            | 'consent_blocked'
            | 'sent'
            | 'delivered'
            | 'failed'
            | 'bounced'
            | 'opened'
            | 'link_expired'
            | 'opted_out'
            | 'printed'
            | 'acknowledged';
          hlc: string;
          id: string;
          location_id: string;
          occurred_at: string;
          origin_seq: string | null;
          pack_id: string;
          patient_id: string;
          provider_message_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          attempt_no: number;
          channel: 'print' | 'email' | 'sms' | 'portal' | 'qr';
          created_at?: string;
          created_by?: string | null;
          destination_hash?: string | null;
          destination_tail?: string | null;
          device_id?: string | null;
          error_code?: string | null;
          event:
            | 'queued'
            | 'consent_checked'
            | 'consent_blocked'
            | 'sent'
            | 'delivered'
            | 'failed'
            | 'bounced'
            | 'opened'
            | 'link_expired'
            | 'opted_out'
            | 'printed'
            | 'acknowledged';
          hlc: string;
          id: string;
          location_id: string;
          occurred_at: string;
          origin_seq?: string | null;
          pack_id: string;
          patient_id: string;
          provider_message_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          attempt_no?: number;
          channel?: 'print' | 'email' | 'sms' | 'portal' | 'qr';
          created_at?: string;
          created_by?: string | null;
          destination_hash?: string | null;
          destination_tail?: string | null;
          device_id?: string | null;
          error_code?: string | null;
          event?:
            | 'queued'
            | 'consent_checked'
            | 'consent_blocked'
            | 'sent'
            | 'delivered'
            | 'failed'
            | 'bounced'
            | 'opened'
            | 'link_expired'
            | 'opted_out'
            | 'printed'
            | 'acknowledged';
          hlc?: string;
          id?: string;
          location_id?: string;
          occurred_at?: string;
          origin_seq?: string | null;
          pack_id?: string;
          patient_id?: string;
          provider_message_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'delivery_tracking_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'delivery_tracking_pack_id_fkey';
            columns: ['pack_id'];
            isOneToOne: false;
            referencedRelation: 'handout_packs';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'delivery_tracking_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      devices: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          enrolled_by: string;
          grant_expires_at: string | null;
          id: string;
          kind: 'desktop' | 'kiosk' | 'tablet';
          last_chain_head: string | null;
          last_seen_at: string | null;
          location_id: string | null;
          name: string;
          public_key: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'active' | 'suspended' | 'retired';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          enrolled_by: string;
          grant_expires_at?: string | null;
          id: string;
          kind: 'desktop' | 'kiosk' | 'tablet';
          last_chain_head?: string | null;
          last_seen_at?: string | null;
          location_id?: string | null;
          name: string;
          public_key?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'active' | 'suspended' | 'retired';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          enrolled_by?: string;
          grant_expires_at?: string | null;
          id?: string;
          kind?: 'desktop' | 'kiosk' | 'tablet';
          last_chain_head?: string | null;
          last_seen_at?: string | null;
          location_id?: string | null;
          name?: string;
          public_key?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'active' | 'suspended' | 'retired';
        };
        Relationships: [
          {
            foreignKeyName: 'devices_enrolled_by_fkey';
            columns: ['enrolled_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'devices_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      digital_signatures: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          document_hash: string;
          document_version_id: string;
          e_consent_id: string | null;
          hlc: string;
          id: string;
          image_file_id: string | null;
          legal_name: string;
          location_id: string;
          method: 'drawn' | 'typed' | 'staff_attested';
          origin_seq: string | null;
          patient_id: string;
          purpose: 'consent' | 'financial' | 'hipaa' | 'general';
          recorded_at: string;
          relation: 'self' | 'parent' | 'guardian' | 'spouse';
          row_version: string;
          row_xid: string;
          schema_version: number;
          session_id: string | null;
          signed_at: string;
          strokes: Json | null;
          submission_id: string | null;
          witness_id: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          document_hash: string;
          document_version_id: string;
          e_consent_id?: string | null;
          hlc: string;
          id: string;
          image_file_id?: string | null;
          legal_name: string;
          location_id: string;
          method: 'drawn' | 'typed' | 'staff_attested';
          origin_seq?: string | null;
          patient_id: string;
          purpose: 'consent' | 'financial' | 'hipaa' | 'general';
          recorded_at?: string;
          relation: 'self' | 'parent' | 'guardian' | 'spouse';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
          signed_at: string;
          strokes?: Json | null;
          submission_id?: string | null;
          witness_id?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          document_hash?: string;
          document_version_id?: string;
          e_consent_id?: string | null;
          hlc?: string;
          id?: string;
          image_file_id?: string | null;
          legal_name?: string;
          location_id?: string;
          method?: 'drawn' | 'typed' | 'staff_attested';
          origin_seq?: string | null;
          patient_id?: string;
          purpose?: 'consent' | 'financial' | 'hipaa' | 'general';
          recorded_at?: string;
          relation?: 'self' | 'parent' | 'guardian' | 'spouse';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
          signed_at?: string;
          strokes?: Json | null;
          submission_id?: string | null;
          witness_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'digital_signatures_e_consent_id_fkey';
            columns: ['e_consent_id'];
            isOneToOne: false;
            referencedRelation: 'consents';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'digital_signatures_image_file_id_fkey';
            columns: ['image_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'digital_signatures_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'digital_signatures_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'digital_signatures_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'kiosk_sessions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'digital_signatures_submission_id_fkey';
            columns: ['submission_id'];
            isOneToOne: false;
            referencedRelation: 'form_submissions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'digital_signatures_witness_id_fkey';
            columns: ['witness_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      eos_team_members: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          joined_at: string;
          left_at: string | null;
          location_id: string | null;
          recorded_at: string;
          role: 'leader' | 'member' | 'viewer';
          row_version: string;
          row_xid: string;
          schema_version: number;
          seat: string | null;
          team_id: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          joined_at: string;
          left_at?: string | null;
          location_id?: string | null;
          recorded_at?: string;
          role: 'leader' | 'member' | 'viewer';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seat?: string | null;
          team_id: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          joined_at?: string;
          left_at?: string | null;
          location_id?: string | null;
          recorded_at?: string;
          role?: 'leader' | 'member' | 'viewer';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seat?: string | null;
          team_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'eos_team_members_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'eos_team_members_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'eos_team_members_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      eos_teams: {
        Row: {
          active: boolean;
          agenda: Json;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind: 'leadership' | 'department' | 'site';
          location_id: string | null;
          name: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          start_minute: number;
          time_zone: string;
          weekday: number;
        };
        Insert: {
          active: boolean;
          agenda: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind: 'leadership' | 'department' | 'site';
          location_id?: string | null;
          name: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          start_minute: number;
          time_zone: string;
          weekday: number;
        };
        Update: {
          active?: boolean;
          agenda?: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?: 'leadership' | 'department' | 'site';
          location_id?: string | null;
          name?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          start_minute?: number;
          time_zone?: string;
          weekday?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'eos_teams_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      evidence_reviews: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          evidence_id: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          reason: string | null;
          recorded_at: string;
          reviewer_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          verdict: 'accepted' | 'edited' | 'rejected';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          evidence_id: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          reason?: string | null;
          recorded_at?: string;
          reviewer_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          verdict: 'accepted' | 'edited' | 'rejected';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          evidence_id?: string;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          reason?: string | null;
          recorded_at?: string;
          reviewer_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          verdict?: 'accepted' | 'edited' | 'rejected';
        };
        Relationships: [
          {
            foreignKeyName: 'evidence_reviews_evidence_id_fkey';
            columns: ['evidence_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_evidence';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'evidence_reviews_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'evidence_reviews_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'evidence_reviews_reviewer_id_fkey';
            columns: ['reviewer_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      file_uploads: {
        Row: {
          caption: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          encryption_key_id: string;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          mime: string;
          owner_id: string | null;
          owner_table:
            | 'inventory_items'
            | 'inventory_lots'
            | 'sds_documents'
            | 'purchase_orders'
            | 'unmatched_scans'
            | 'handout_template_versions'
            | 'generated_handouts'
            | 'insurance_captures'
            | 'digital_signatures'
            | 'pharma_appointments'
            | 'transfers_of_value'
            | 'authorization_evidence'
            | 'pa_submissions'
            | 'insurance_responses'
            | 'comments';
          phi_class: 'P0' | 'P1' | 'P2';
          recorded_at: string;
          retention_until: string | null;
          row_version: string;
          row_xid: string;
          scan_status: 'pending' | 'clean' | 'infected' | 'failed';
          schema_version: number;
          sha256: string;
          size_bytes: number;
          storage_key: string | null;
          upload_state: 'local' | 'partial' | 'complete';
          uploaded_by: string | null;
        };
        Insert: {
          caption?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          encryption_key_id: string;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          mime: string;
          owner_id?: string | null;
          owner_table:
            | 'inventory_items'
            | 'inventory_lots'
            | 'sds_documents'
            | 'purchase_orders'
            | 'unmatched_scans'
            | 'handout_template_versions'
            | 'generated_handouts'
            | 'insurance_captures'
            | 'digital_signatures'
            | 'pharma_appointments'
            | 'transfers_of_value'
            | 'authorization_evidence'
            | 'pa_submissions'
            | 'insurance_responses'
            | 'comments';
          phi_class: 'P0' | 'P1' | 'P2';
          recorded_at?: string;
          retention_until?: string | null;
          row_version?: string;
          row_xid?: string;
          scan_status: 'pending' | 'clean' | 'infected' | 'failed';
          schema_version?: number;
          sha256: string;
          size_bytes: number;
          storage_key?: string | null;
          upload_state: 'local' | 'partial' | 'complete';
          uploaded_by?: string | null;
        };
        Update: {
          caption?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          encryption_key_id?: string;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          mime?: string;
          owner_id?: string | null;
          owner_table?:
            | 'inventory_items'
            | 'inventory_lots'
            | 'sds_documents'
            | 'purchase_orders'
            | 'unmatched_scans'
            | 'handout_template_versions'
            | 'generated_handouts'
            | 'insurance_captures'
            | 'digital_signatures'
            | 'pharma_appointments'
            | 'transfers_of_value'
            | 'authorization_evidence'
            | 'pa_submissions'
            | 'insurance_responses'
            | 'comments';
          phi_class?: 'P0' | 'P1' | 'P2';
          recorded_at?: string;
          retention_until?: string | null;
          row_version?: string;
          row_xid?: string;
          scan_status?: 'pending' | 'clean' | 'infected' | 'failed';
          schema_version?: number;
          sha256?: string;
          size_bytes?: number;
          storage_key?: string | null;
          upload_state?: 'local' | 'partial' | 'complete';
          uploaded_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'file_uploads_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'file_uploads_uploaded_by_fkey';
            columns: ['uploaded_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      form_submission_summaries: {
        Row: {
          appointment_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          kind: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          location_id: string;
          patient_id: string;
          progress: 'draft' | 'submitted' | 'reviewed' | 'amended';
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          kind: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          location_id: string;
          patient_id: string;
          progress: 'draft' | 'submitted' | 'reviewed' | 'amended';
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          kind?: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          location_id?: string;
          patient_id?: string;
          progress?: 'draft' | 'submitted' | 'reviewed' | 'amended';
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'form_submission_summaries_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submission_summaries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submission_summaries_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      form_submissions: {
        Row: {
          amends_id: string | null;
          answers: Json;
          appointment_id: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          location_id: string;
          patient_id: string;
          progress: 'draft' | 'submitted' | 'reviewed' | 'amended';
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          seconds_taken: number | null;
          session_id: string | null;
          version_id: string;
        };
        Insert: {
          amends_id?: string | null;
          answers: Json;
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          location_id: string;
          patient_id: string;
          progress: 'draft' | 'submitted' | 'reviewed' | 'amended';
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seconds_taken?: number | null;
          session_id?: string | null;
          version_id: string;
        };
        Update: {
          amends_id?: string | null;
          answers?: Json;
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          location_id?: string;
          patient_id?: string;
          progress?: 'draft' | 'submitted' | 'reviewed' | 'amended';
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seconds_taken?: number | null;
          session_id?: string | null;
          version_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'form_submissions_amends_id_fkey';
            columns: ['amends_id'];
            isOneToOne: false;
            referencedRelation: 'form_submissions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submissions_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submissions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submissions_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submissions_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'kiosk_sessions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_submissions_version_id_fkey';
            columns: ['version_id'];
            isOneToOne: false;
            referencedRelation: 'form_template_versions';
            referencedColumns: ['id'];
          },
        ];
      };
      form_template_versions: {
        Row: {
          approved_by: string | null;
          author_id: string;
          body: Json;
          content_hash: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          locale: 'en' | 'es';
          recorded_at: string;
          required: Json;
          review_by: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          signatures: Json;
          source_version_id: string | null;
          status: 'draft' | 'in_review' | 'approved' | 'superseded' | 'recalled' | 'rejected';
          template_id: string;
          version_no: number | null;
        };
        Insert: {
          approved_by?: string | null;
          author_id: string;
          body: Json;
          content_hash?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          locale: 'en' | 'es';
          recorded_at?: string;
          required: Json;
          review_by?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signatures: Json;
          source_version_id?: string | null;
          status: 'draft' | 'in_review' | 'approved' | 'superseded' | 'recalled' | 'rejected';
          template_id: string;
          version_no?: number | null;
        };
        Update: {
          approved_by?: string | null;
          author_id?: string;
          body?: Json;
          content_hash?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          locale?: 'en' | 'es';
          recorded_at?: string;
          required?: Json;
          review_by?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signatures?: Json;
          source_version_id?: string | null;
          status?: 'draft' | 'in_review' | 'approved' | 'superseded' | 'recalled' | 'rejected';
          template_id?: string;
          version_no?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: 'form_template_versions_approved_by_fkey';
            columns: ['approved_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_template_versions_author_id_fkey';
            columns: ['author_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_template_versions_source_version_id_fkey';
            columns: ['source_version_id'];
            isOneToOne: false;
            referencedRelation: 'form_template_versions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'form_template_versions_template_id_fkey';
            columns: ['template_id'];
            isOneToOne: false;
            referencedRelation: 'form_templates';
            referencedColumns: ['id'];
          },
        ];
      };
      form_templates: {
        Row: {
          appointment_types: Json;
          code: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          owner_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          site_ids: string[];
          status: 'active' | 'retired';
          title: string;
        };
        Insert: {
          appointment_types: Json;
          code: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          owner_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          site_ids: string[];
          status: 'active' | 'retired';
          title: string;
        };
        Update: {
          appointment_types?: Json;
          code?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?: 'intake' | 'consent' | 'insurance' | 'medical_history' | 'financial' | 'hipaa';
          owner_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          site_ids?: string[];
          status?: 'active' | 'retired';
          title?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'form_templates_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      generated_handouts: {
        Row: {
          appointment_id: string | null;
          content_hash: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          font_scale: number;
          hlc: string;
          id: string;
          inputs: Json;
          locale: 'en' | 'es';
          location_id: string;
          origin_seq: string | null;
          pack_id: string;
          patient_id: string;
          recorded_at: string;
          rendered_pdf_file_id: string | null;
          renderer_version: string;
          reviewed_by: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          template_version_id: string;
        };
        Insert: {
          appointment_id?: string | null;
          content_hash: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          font_scale: number;
          hlc: string;
          id: string;
          inputs: Json;
          locale: 'en' | 'es';
          location_id: string;
          origin_seq?: string | null;
          pack_id: string;
          patient_id: string;
          recorded_at?: string;
          rendered_pdf_file_id?: string | null;
          renderer_version: string;
          reviewed_by?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          template_version_id: string;
        };
        Update: {
          appointment_id?: string | null;
          content_hash?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          font_scale?: number;
          hlc?: string;
          id?: string;
          inputs?: Json;
          locale?: 'en' | 'es';
          location_id?: string;
          origin_seq?: string | null;
          pack_id?: string;
          patient_id?: string;
          recorded_at?: string;
          rendered_pdf_file_id?: string | null;
          renderer_version?: string;
          reviewed_by?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          template_version_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'generated_handouts_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'generated_handouts_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'generated_handouts_pack_id_fkey';
            columns: ['pack_id'];
            isOneToOne: false;
            referencedRelation: 'handout_packs';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'generated_handouts_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'generated_handouts_rendered_pdf_file_id_fkey';
            columns: ['rendered_pdf_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'generated_handouts_reviewed_by_fkey';
            columns: ['reviewed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'generated_handouts_template_version_id_fkey';
            columns: ['template_version_id'];
            isOneToOne: false;
            referencedRelation: 'handout_template_versions';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_links: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          expires_at: string;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          max_opens: number;
          opens: Json;
          pack_id: string;
          patient_id: string;
          recorded_at: string;
          revoked_at: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          token_hash: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          expires_at: string;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          max_opens: number;
          opens: Json;
          pack_id: string;
          patient_id: string;
          recorded_at?: string;
          revoked_at?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          token_hash: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          expires_at?: string;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          max_opens?: number;
          opens?: Json;
          pack_id?: string;
          patient_id?: string;
          recorded_at?: string;
          revoked_at?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          token_hash?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_links_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_links_pack_id_fkey';
            columns: ['pack_id'];
            isOneToOne: false;
            referencedRelation: 'handout_packs';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_links_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_packs: {
        Row: {
          appointment_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          font_scale: number;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          renderer_version: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          title: string | null;
        };
        Insert: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          font_scale: number;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          renderer_version: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          title?: string | null;
        };
        Update: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          font_scale?: number;
          hlc?: string;
          id?: string;
          lines?: Json;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          renderer_version?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          title?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_packs_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_packs_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_packs_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_recall_targets: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          handout_id: string;
          id: string;
          location_id: string;
          note: string | null;
          patient_id: string;
          recall_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'todo' | 'done';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          handout_id: string;
          id: string;
          location_id: string;
          note?: string | null;
          patient_id: string;
          recall_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'todo' | 'done';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          handout_id?: string;
          id?: string;
          location_id?: string;
          note?: string | null;
          patient_id?: string;
          recall_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'todo' | 'done';
        };
        Relationships: [
          {
            foreignKeyName: 'handout_recall_targets_handout_id_fkey';
            columns: ['handout_id'];
            isOneToOne: false;
            referencedRelation: 'generated_handouts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_recall_targets_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_recall_targets_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_recall_targets_recall_id_fkey';
            columns: ['recall_id'];
            isOneToOne: false;
            referencedRelation: 'handout_recalls';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_recalls: {
        Row: {
          action: 'print_notice' | 'resend' | 'call';
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          reason: string;
          recalled_at: string;
          recalled_by: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          severity: 'low' | 'medium' | 'high';
          version_id: string;
        };
        Insert: {
          action: 'print_notice' | 'resend' | 'call';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          reason: string;
          recalled_at: string;
          recalled_by: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          severity: 'low' | 'medium' | 'high';
          version_id: string;
        };
        Update: {
          action?: 'print_notice' | 'resend' | 'call';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          reason?: string;
          recalled_at?: string;
          recalled_by?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          severity?: 'low' | 'medium' | 'high';
          version_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_recalls_recalled_by_fkey';
            columns: ['recalled_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_recalls_version_id_fkey';
            columns: ['version_id'];
            isOneToOne: false;
            referencedRelation: 'handout_template_versions';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_summaries: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          handouts: number;
          id: string;
          location_id: string;
          made_at: string;
          patient_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          handouts: number;
          id: string;
          location_id: string;
          made_at: string;
          patient_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          handouts?: number;
          id?: string;
          location_id?: string;
          made_at?: string;
          patient_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_summaries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_summaries_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_template_versions: {
        Row: {
          approved_by: string | null;
          author_id: string;
          body: Json;
          content_hash: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          evidence_note: string | null;
          field_by: Json;
          field_hlc: Json;
          fields_schema: Json;
          id: string;
          locale: 'en' | 'es';
          reading_grade: number | null;
          recorded_at: string;
          review_by: string | null;
          row_version: string;
          row_xid: string;
          rules: Json;
          schema_version: number;
          source_version_id: string | null;
          status: 'draft' | 'in_review' | 'approved' | 'superseded' | 'recalled' | 'rejected';
          template_id: string;
          version_no: number | null;
        };
        Insert: {
          approved_by?: string | null;
          author_id: string;
          body: Json;
          content_hash?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          evidence_note?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          fields_schema: Json;
          id: string;
          locale: 'en' | 'es';
          reading_grade?: number | null;
          recorded_at?: string;
          review_by?: string | null;
          row_version?: string;
          row_xid?: string;
          rules: Json;
          schema_version?: number;
          source_version_id?: string | null;
          status: 'draft' | 'in_review' | 'approved' | 'superseded' | 'recalled' | 'rejected';
          template_id: string;
          version_no?: number | null;
        };
        Update: {
          approved_by?: string | null;
          author_id?: string;
          body?: Json;
          content_hash?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          evidence_note?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          fields_schema?: Json;
          id?: string;
          locale?: 'en' | 'es';
          reading_grade?: number | null;
          recorded_at?: string;
          review_by?: string | null;
          row_version?: string;
          row_xid?: string;
          rules?: Json;
          schema_version?: number;
          source_version_id?: string | null;
          status?: 'draft' | 'in_review' | 'approved' | 'superseded' | 'recalled' | 'rejected';
          template_id?: string;
          version_no?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_template_versions_approved_by_fkey';
            columns: ['approved_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_template_versions_author_id_fkey';
            columns: ['author_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_template_versions_source_version_id_fkey';
            columns: ['source_version_id'];
            isOneToOne: false;
            referencedRelation: 'handout_template_versions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_template_versions_template_id_fkey';
            columns: ['template_id'];
            isOneToOne: false;
            referencedRelation: 'handout_templates';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_templates: {
        Row: {
          category: 'education' | 'treatment' | 'medication' | 'pre_procedure' | 'post_procedure';
          code: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          diagnosis_codes: Json;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          owner_id: string | null;
          physician_review: boolean;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          specialty_tags: Json;
          status: 'active' | 'retired';
          title: string;
        };
        Insert: {
          category: 'education' | 'treatment' | 'medication' | 'pre_procedure' | 'post_procedure';
          code: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          diagnosis_codes: Json;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          owner_id?: string | null;
          physician_review: boolean;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          specialty_tags: Json;
          status: 'active' | 'retired';
          title: string;
        };
        Update: {
          category?: 'education' | 'treatment' | 'medication' | 'pre_procedure' | 'post_procedure';
          code?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          diagnosis_codes?: Json;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          owner_id?: string | null;
          physician_review?: boolean;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          specialty_tags?: Json;
          status?: 'active' | 'retired';
          title?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_templates_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_templates_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      handout_voids: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          handout_id: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          reason: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          handout_id: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          reason: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          handout_id?: string;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          reason?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'handout_voids_handout_id_fkey';
            columns: ['handout_id'];
            isOneToOne: false;
            referencedRelation: 'generated_handouts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_voids_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'handout_voids_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      headlines: {
        Row: {
          about: 'customer' | 'employee';
          author_id: string;
          body: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          good: boolean;
          id: string;
          local_date: string;
          location_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
        };
        Insert: {
          about: 'customer' | 'employee';
          author_id: string;
          body: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          good: boolean;
          id: string;
          local_date: string;
          location_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
        };
        Update: {
          about?: 'customer' | 'employee';
          author_id?: string;
          body?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          good?: boolean;
          id?: string;
          local_date?: string;
          location_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'headlines_author_id_fkey';
            columns: ['author_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'headlines_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'headlines_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      insurance_captures: {
        Row: {
          back_file_id: string | null;
          coverage_id: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          front_file_id: string | null;
          id: string;
          kind: 'insurance_card' | 'photo_id';
          location_id: string;
          ocr: Json | null;
          patient_id: string;
          recorded_at: string;
          reviewed: boolean;
          row_version: string;
          row_xid: string;
          schema_version: number;
          session_id: string | null;
        };
        Insert: {
          back_file_id?: string | null;
          coverage_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          front_file_id?: string | null;
          id: string;
          kind: 'insurance_card' | 'photo_id';
          location_id: string;
          ocr?: Json | null;
          patient_id: string;
          recorded_at?: string;
          reviewed: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
        };
        Update: {
          back_file_id?: string | null;
          coverage_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          front_file_id?: string | null;
          id?: string;
          kind?: 'insurance_card' | 'photo_id';
          location_id?: string;
          ocr?: Json | null;
          patient_id?: string;
          recorded_at?: string;
          reviewed?: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'insurance_captures_back_file_id_fkey';
            columns: ['back_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_captures_coverage_id_fkey';
            columns: ['coverage_id'];
            isOneToOne: false;
            referencedRelation: 'coverages';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_captures_front_file_id_fkey';
            columns: ['front_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_captures_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_captures_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_captures_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'kiosk_sessions';
            referencedColumns: ['id'];
          },
        ];
      };
      insurance_response_summaries: {
        Row: {
          created_at: string;
          created_by: string | null;
          decision:
            | 'approved'
            | 'partial'
            | 'denied'
            | 'more_info'
            | 'pended'
            | 'cancelled'
            | 'no_response_deemed';
          device_id: string | null;
          id: string;
          location_id: string;
          pa_number: string | null;
          patient_id: string;
          received_date: string;
          recorded_at: string;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          valid_from: string | null;
          valid_to: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          decision:
            | 'approved'
            | 'partial'
            | 'denied'
            | 'more_info'
            | 'pended'
            | 'cancelled'
            | 'no_response_deemed';
          device_id?: string | null;
          id: string;
          location_id: string;
          pa_number?: string | null;
          patient_id: string;
          received_date: string;
          recorded_at?: string;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          valid_from?: string | null;
          valid_to?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          decision?:
            | 'approved'
            | 'partial'
            | 'denied'
            | 'more_info'
            | 'pended'
            | 'cancelled'
            | 'no_response_deemed';
          device_id?: string | null;
          id?: string;
          location_id?: string;
          pa_number?: string | null;
          patient_id?: string;
          received_date?: string;
          recorded_at?: string;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          valid_from?: string | null;
          valid_to?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'insurance_response_summaries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_response_summaries_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_response_summaries_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
        ];
      };
      insurance_responses: {
        Row: {
          appeal_deadline: string | null;
          created_at: string;
          created_by: string | null;
          criteria_cited: string | null;
          decision:
            | 'approved'
            | 'partial'
            | 'denied'
            | 'more_info'
            | 'pended'
            | 'cancelled'
            | 'no_response_deemed';
          device_id: string | null;
          document_file_id: string | null;
          entered_by: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          pa_number: string | null;
          patient_id: string;
          reason_codes: Json;
          received_at: string;
          received_date: string;
          received_via: 'fax' | 'mail' | 'phone' | 'portal' | 'covermymeds' | 'none';
          recorded_at: string;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          submission_id: string;
          units: string | null;
          valid_from: string | null;
          valid_to: string | null;
        };
        Insert: {
          appeal_deadline?: string | null;
          created_at?: string;
          created_by?: string | null;
          criteria_cited?: string | null;
          decision:
            | 'approved'
            | 'partial'
            | 'denied'
            | 'more_info'
            | 'pended'
            | 'cancelled'
            | 'no_response_deemed';
          device_id?: string | null;
          document_file_id?: string | null;
          entered_by: string;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          pa_number?: string | null;
          patient_id: string;
          reason_codes: Json;
          received_at: string;
          received_date: string;
          received_via: 'fax' | 'mail' | 'phone' | 'portal' | 'covermymeds' | 'none';
          recorded_at?: string;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          submission_id: string;
          units?: string | null;
          valid_from?: string | null;
          valid_to?: string | null;
        };
        Update: {
          appeal_deadline?: string | null;
          created_at?: string;
          created_by?: string | null;
          criteria_cited?: string | null;
          decision?:
            | 'approved'
            | 'partial'
            | 'denied'
            | 'more_info'
            | 'pended'
            | 'cancelled'
            | 'no_response_deemed';
          device_id?: string | null;
          document_file_id?: string | null;
          entered_by?: string;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          pa_number?: string | null;
          patient_id?: string;
          reason_codes?: Json;
          received_at?: string;
          received_date?: string;
          received_via?: 'fax' | 'mail' | 'phone' | 'portal' | 'covermymeds' | 'none';
          recorded_at?: string;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          submission_id?: string;
          units?: string | null;
          valid_from?: string | null;
          valid_to?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'insurance_responses_document_file_id_fkey';
            columns: ['document_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_responses_entered_by_fkey';
            columns: ['entered_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_responses_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_responses_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_responses_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'insurance_responses_submission_id_fkey';
            columns: ['submission_id'];
            isOneToOne: false;
            referencedRelation: 'pa_submissions';
            referencedColumns: ['id'];
          },
        ];
      };
      inventory_items: {
        Row: {
          base_unit: string;
          category: string | null;
          controlled_schedule: 'none' | 'II' | 'III' | 'IV' | 'V';
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          description: string | null;
          device_id: string | null;
          document_policy: 'optional' | 'required' | null;
          expiry_alert_days: number | null;
          expiry_policy: 'none' | 'optional' | 'required';
          field_by: Json;
          field_hlc: Json;
          hazardous: boolean;
          id: string;
          image_file_id: string | null;
          kind: 'supply' | 'treatment' | 'retail' | 'sample' | 'device';
          lot_policy: 'none' | 'optional' | 'required';
          manufacturer: string | null;
          merged_into_id: string | null;
          name: string;
          open_days: number | null;
          open_hours: number | null;
          packs: Json;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          sku: string;
          status: 'draft' | 'active' | 'discontinued' | 'merged';
          vial_unit: string | null;
          vial_units: string | null;
        };
        Insert: {
          base_unit: string;
          category?: string | null;
          controlled_schedule: 'none' | 'II' | 'III' | 'IV' | 'V';
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          description?: string | null;
          device_id?: string | null;
          document_policy?: 'optional' | 'required' | null;
          expiry_alert_days?: number | null;
          expiry_policy: 'none' | 'optional' | 'required';
          field_by?: Json;
          field_hlc?: Json;
          hazardous: boolean;
          id: string;
          image_file_id?: string | null;
          kind: 'supply' | 'treatment' | 'retail' | 'sample' | 'device';
          lot_policy: 'none' | 'optional' | 'required';
          manufacturer?: string | null;
          merged_into_id?: string | null;
          name: string;
          open_days?: number | null;
          open_hours?: number | null;
          packs: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sku: string;
          status: 'draft' | 'active' | 'discontinued' | 'merged';
          vial_unit?: string | null;
          vial_units?: string | null;
        };
        Update: {
          base_unit?: string;
          category?: string | null;
          controlled_schedule?: 'none' | 'II' | 'III' | 'IV' | 'V';
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          description?: string | null;
          device_id?: string | null;
          document_policy?: 'optional' | 'required' | null;
          expiry_alert_days?: number | null;
          expiry_policy?: 'none' | 'optional' | 'required';
          field_by?: Json;
          field_hlc?: Json;
          hazardous?: boolean;
          id?: string;
          image_file_id?: string | null;
          kind?: 'supply' | 'treatment' | 'retail' | 'sample' | 'device';
          lot_policy?: 'none' | 'optional' | 'required';
          manufacturer?: string | null;
          merged_into_id?: string | null;
          name?: string;
          open_days?: number | null;
          open_hours?: number | null;
          packs?: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sku?: string;
          status?: 'draft' | 'active' | 'discontinued' | 'merged';
          vial_unit?: string | null;
          vial_units?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'inventory_items_image_file_id_fkey';
            columns: ['image_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'inventory_items_merged_into_id_fkey';
            columns: ['merged_into_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
        ];
      };
      inventory_lots: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          expiry_date: string | null;
          expiry_precision: 'day' | 'month' | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          item_id: string;
          lot_no: string;
          recall_status: 'none' | 'suspect' | 'recalled' | 'cleared';
          received_from: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          serial: string;
          transaction_doc_file_id: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          expiry_date?: string | null;
          expiry_precision?: 'day' | 'month' | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          item_id: string;
          lot_no: string;
          recall_status: 'none' | 'suspect' | 'recalled' | 'cleared';
          received_from?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          serial: string;
          transaction_doc_file_id?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          expiry_date?: string | null;
          expiry_precision?: 'day' | 'month' | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          item_id?: string;
          lot_no?: string;
          recall_status?: 'none' | 'suspect' | 'recalled' | 'cleared';
          received_from?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          serial?: string;
          transaction_doc_file_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'inventory_lots_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'inventory_lots_received_from_fkey';
            columns: ['received_from'];
            isOneToOne: false;
            referencedRelation: 'vendors';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'inventory_lots_transaction_doc_file_id_fkey';
            columns: ['transaction_doc_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
        ];
      };
      issue_resolutions: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          issue_id: string;
          lines: Json;
          local_date: string;
          location_id: string | null;
          meeting_id: string | null;
          moved_to_team_id: string | null;
          note: string | null;
          origin_seq: string | null;
          outcome: 'solved' | 'dropped' | 'moved';
          private: boolean;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          issue_id: string;
          lines: Json;
          local_date: string;
          location_id?: string | null;
          meeting_id?: string | null;
          moved_to_team_id?: string | null;
          note?: string | null;
          origin_seq?: string | null;
          outcome: 'solved' | 'dropped' | 'moved';
          private: boolean;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          issue_id?: string;
          lines?: Json;
          local_date?: string;
          location_id?: string | null;
          meeting_id?: string | null;
          moved_to_team_id?: string | null;
          note?: string | null;
          origin_seq?: string | null;
          outcome?: 'solved' | 'dropped' | 'moved';
          private?: boolean;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'issue_resolutions_issue_id_fkey';
            columns: ['issue_id'];
            isOneToOne: false;
            referencedRelation: 'issues';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_resolutions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_resolutions_meeting_id_fkey';
            columns: ['meeting_id'];
            isOneToOne: false;
            referencedRelation: 'l10_meetings';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_resolutions_moved_to_team_id_fkey';
            columns: ['moved_to_team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_resolutions_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      issue_votes: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          issue_id: string;
          location_id: string | null;
          recorded_at: string;
          round: number;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
          user_id: string;
          vote: Json;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          issue_id: string;
          location_id?: string | null;
          recorded_at?: string;
          round: number;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
          user_id: string;
          vote: Json;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          issue_id?: string;
          location_id?: string | null;
          recorded_at?: string;
          round?: number;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
          user_id?: string;
          vote?: Json;
        };
        Relationships: [
          {
            foreignKeyName: 'issue_votes_issue_id_fkey';
            columns: ['issue_id'];
            isOneToOne: false;
            referencedRelation: 'issues';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_votes_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_votes_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issue_votes_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      issues: {
        Row: {
          body: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          horizon: 'short' | 'long' | 'parking';
          id: string;
          kind: 'obstacle' | 'opportunity' | 'process' | 'people' | 'other';
          location_id: string | null;
          owner_id: string | null;
          private: boolean;
          rank: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          source_id: string | null;
          source_table: string | null;
          state: 'open' | 'discussing' | 'solved' | 'dropped' | 'moved';
          team_id: string;
          title: string;
        };
        Insert: {
          body?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          horizon: 'short' | 'long' | 'parking';
          id: string;
          kind: 'obstacle' | 'opportunity' | 'process' | 'people' | 'other';
          location_id?: string | null;
          owner_id?: string | null;
          private: boolean;
          rank: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_id?: string | null;
          source_table?: string | null;
          state: 'open' | 'discussing' | 'solved' | 'dropped' | 'moved';
          team_id: string;
          title: string;
        };
        Update: {
          body?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          horizon?: 'short' | 'long' | 'parking';
          id?: string;
          kind?: 'obstacle' | 'opportunity' | 'process' | 'people' | 'other';
          location_id?: string | null;
          owner_id?: string | null;
          private?: boolean;
          rank?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_id?: string | null;
          source_table?: string | null;
          state?: 'open' | 'discussing' | 'solved' | 'dropped' | 'moved';
          team_id?: string;
          title?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'issues_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issues_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'issues_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      item_distinctions: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          differs: boolean;
          hlc: string;
          id: string;
          item_id: string;
          origin_seq: string | null;
          other_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          differs: boolean;
          hlc: string;
          id: string;
          item_id: string;
          origin_seq?: string | null;
          other_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          differs?: boolean;
          hlc?: string;
          id?: string;
          item_id?: string;
          origin_seq?: string | null;
          other_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'item_distinctions_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'item_distinctions_other_id_fkey';
            columns: ['other_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
        ];
      };
      item_locations: {
        Row: {
          bin: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          is_stocked: boolean;
          item_id: string;
          location_id: string;
          max: string | null;
          min: string | null;
          par: string | null;
          recorded_at: string;
          reorder_qty: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          bin?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          is_stocked: boolean;
          item_id: string;
          location_id: string;
          max?: string | null;
          min?: string | null;
          par?: string | null;
          recorded_at?: string;
          reorder_qty?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          bin?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          is_stocked?: boolean;
          item_id?: string;
          location_id?: string;
          max?: string | null;
          min?: string | null;
          par?: string | null;
          recorded_at?: string;
          reorder_qty?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'item_locations_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'item_locations_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      item_merges: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          lines: Json;
          merged_id: string;
          origin_seq: string | null;
          recorded_at: string;
          reverses_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status_before: 'draft' | 'active' | 'discontinued';
          survivor_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          lines: Json;
          merged_id: string;
          origin_seq?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status_before: 'draft' | 'active' | 'discontinued';
          survivor_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          lines?: Json;
          merged_id?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status_before?: 'draft' | 'active' | 'discontinued';
          survivor_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'item_merges_merged_id_fkey';
            columns: ['merged_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'item_merges_reverses_id_fkey';
            columns: ['reverses_id'];
            isOneToOne: false;
            referencedRelation: 'item_merges';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'item_merges_survivor_id_fkey';
            columns: ['survivor_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
        ];
      };
      kiosk_devices: {
        Row: {
          config: Json;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          location_id: string;
          machine_id: string;
          mode: 'check_in' | 'forms_only' | 'exit_survey';
          name: string;
          public_key: string | null;
          reader_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'enrolled' | 'locked' | 'retired';
        };
        Insert: {
          config: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          location_id: string;
          machine_id: string;
          mode: 'check_in' | 'forms_only' | 'exit_survey';
          name: string;
          public_key?: string | null;
          reader_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'enrolled' | 'locked' | 'retired';
        };
        Update: {
          config?: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          location_id?: string;
          machine_id?: string;
          mode?: 'check_in' | 'forms_only' | 'exit_survey';
          name?: string;
          public_key?: string | null;
          reader_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'enrolled' | 'locked' | 'retired';
        };
        Relationships: [
          {
            foreignKeyName: 'kiosk_devices_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'kiosk_devices_machine_id_fkey';
            columns: ['machine_id'];
            isOneToOne: false;
            referencedRelation: 'devices';
            referencedColumns: ['id'];
          },
        ];
      };
      kiosk_schedule: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          initial: string;
          listed: boolean;
          local_date: string;
          location_id: string;
          match_hash: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          starts_at: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          initial: string;
          listed: boolean;
          local_date: string;
          location_id: string;
          match_hash?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          starts_at: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          initial?: string;
          listed?: boolean;
          local_date?: string;
          location_id?: string;
          match_hash?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          starts_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'kiosk_schedule_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      kiosk_sessions: {
        Row: {
          accessibility_mode: boolean;
          appointment_id: string | null;
          attempts: Json;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          identity_method: 'qr' | 'name_birth_date' | 'staff' | 'code' | null;
          kiosk_device_id: string | null;
          last_activity_at: string;
          lease_until: string;
          locale: 'en' | 'es';
          location_id: string;
          needs_help: boolean;
          path: 'kiosk' | 'staffed' | 'home';
          patient_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          started_at: string;
          state:
            | 'started'
            | 'identified'
            | 'verifying'
            | 'forms'
            | 'signing'
            | 'payment'
            | 'complete'
            | 'abandoned'
            | 'expired'
            | 'handed_to_staff';
        };
        Insert: {
          accessibility_mode: boolean;
          appointment_id?: string | null;
          attempts: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          identity_method?: 'qr' | 'name_birth_date' | 'staff' | 'code' | null;
          kiosk_device_id?: string | null;
          last_activity_at: string;
          lease_until: string;
          locale: 'en' | 'es';
          location_id: string;
          needs_help: boolean;
          path: 'kiosk' | 'staffed' | 'home';
          patient_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          started_at: string;
          state:
            | 'started'
            | 'identified'
            | 'verifying'
            | 'forms'
            | 'signing'
            | 'payment'
            | 'complete'
            | 'abandoned'
            | 'expired'
            | 'handed_to_staff';
        };
        Update: {
          accessibility_mode?: boolean;
          appointment_id?: string | null;
          attempts?: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          identity_method?: 'qr' | 'name_birth_date' | 'staff' | 'code' | null;
          kiosk_device_id?: string | null;
          last_activity_at?: string;
          lease_until?: string;
          locale?: 'en' | 'es';
          location_id?: string;
          needs_help?: boolean;
          path?: 'kiosk' | 'staffed' | 'home';
          patient_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          started_at?: string;
          state?:
            | 'started'
            | 'identified'
            | 'verifying'
            | 'forms'
            | 'signing'
            | 'payment'
            | 'complete'
            | 'abandoned'
            | 'expired'
            | 'handed_to_staff';
        };
        Relationships: [
          {
            foreignKeyName: 'kiosk_sessions_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'kiosk_sessions_kiosk_device_id_fkey';
            columns: ['kiosk_device_id'];
            isOneToOne: false;
            referencedRelation: 'kiosk_devices';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'kiosk_sessions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'kiosk_sessions_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      l10_meetings: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          local_date: string;
          location_id: string | null;
          presenter_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          scribe_id: string | null;
          seq: number;
          status:
            | 'scheduled'
            | 'in_progress'
            | 'suspended'
            | 'concluded'
            | 'archived'
            | 'cancelled';
          team_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          local_date: string;
          location_id?: string | null;
          presenter_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          scribe_id?: string | null;
          seq: number;
          status:
            | 'scheduled'
            | 'in_progress'
            | 'suspended'
            | 'concluded'
            | 'archived'
            | 'cancelled';
          team_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          local_date?: string;
          location_id?: string | null;
          presenter_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          scribe_id?: string | null;
          seq?: number;
          status?:
            | 'scheduled'
            | 'in_progress'
            | 'suspended'
            | 'concluded'
            | 'archived'
            | 'cancelled';
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'l10_meetings_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'l10_meetings_presenter_id_fkey';
            columns: ['presenter_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'l10_meetings_scribe_id_fkey';
            columns: ['scribe_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'l10_meetings_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      location_configs: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          effective_from: string;
          id: string;
          key: string;
          location_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          set_by: string | null;
          value: Json;
          value_version: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_from: string;
          id: string;
          key: string;
          location_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          set_by?: string | null;
          value: Json;
          value_version: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_from?: string;
          id?: string;
          key?: string;
          location_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          set_by?: string | null;
          value?: Json;
          value_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'location_configs_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'location_configs_set_by_fkey';
            columns: ['set_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      locations: {
        Row: {
          active: boolean;
          address: string | null;
          code: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          name: string;
          phone: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          time_zone: string;
        };
        Insert: {
          active: boolean;
          address?: string | null;
          code: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          name: string;
          phone?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          time_zone: string;
        };
        Update: {
          active?: boolean;
          address?: string | null;
          code?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          name?: string;
          phone?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          time_zone?: string;
        };
        Relationships: [];
      };
      meal_records: {
        Row: {
          appointment_id: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          kind: 'food' | 'educational' | 'sample' | 'other';
          lines: Json;
          local_date: string;
          location_id: string;
          origin_seq: string | null;
          product: string | null;
          receipt_file_id: string | null;
          recorded_at: string;
          reverses_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          total_cents: string;
        };
        Insert: {
          appointment_id: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          kind: 'food' | 'educational' | 'sample' | 'other';
          lines: Json;
          local_date: string;
          location_id: string;
          origin_seq?: string | null;
          product?: string | null;
          receipt_file_id?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          total_cents: string;
        };
        Update: {
          appointment_id?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          kind?: 'food' | 'educational' | 'sample' | 'other';
          lines?: Json;
          local_date?: string;
          location_id?: string;
          origin_seq?: string | null;
          product?: string | null;
          receipt_file_id?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          total_cents?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'meal_records_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meal_records_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meal_records_receipt_file_id_fkey';
            columns: ['receipt_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meal_records_reverses_id_fkey';
            columns: ['reverses_id'];
            isOneToOne: false;
            referencedRelation: 'meal_records';
            referencedColumns: ['id'];
          },
        ];
      };
      medications: {
        Row: {
          controlled_schedule: 'none' | 'II' | 'III' | 'IV' | 'V';
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          drug_class: string | null;
          form: string | null;
          high_risk: boolean;
          id: string;
          name: string;
          ndcs: Json;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          rxcui: string | null;
          schema_version: number;
          strength: string | null;
        };
        Insert: {
          controlled_schedule: 'none' | 'II' | 'III' | 'IV' | 'V';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          drug_class?: string | null;
          form?: string | null;
          high_risk: boolean;
          id: string;
          name: string;
          ndcs: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          rxcui?: string | null;
          schema_version?: number;
          strength?: string | null;
        };
        Update: {
          controlled_schedule?: 'none' | 'II' | 'III' | 'IV' | 'V';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          drug_class?: string | null;
          form?: string | null;
          high_risk?: boolean;
          id?: string;
          name?: string;
          ndcs?: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          rxcui?: string | null;
          schema_version?: number;
          strength?: string | null;
        };
        Relationships: [];
      };
      meeting_events: {
        Row: {
          about_id: string | null;
          about_user_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          elapsed_ms: number | null;
          event:
            | 'segment_started'
            | 'segment_paused'
            | 'segment_ended'
            | 'presenter_claimed'
            | 'joined'
            | 'left'
            | 'marked_absent'
            | 'drop_down'
            | 'ratings_revealed';
          hlc: string;
          id: string;
          location_id: string | null;
          meeting_id: string;
          occurred_at: string;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          segment: string | null;
          team_id: string;
        };
        Insert: {
          about_id?: string | null;
          about_user_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          elapsed_ms?: number | null;
          event:
            | 'segment_started'
            | 'segment_paused'
            | 'segment_ended'
            | 'presenter_claimed'
            | 'joined'
            | 'left'
            | 'marked_absent'
            | 'drop_down'
            | 'ratings_revealed';
          hlc: string;
          id: string;
          location_id?: string | null;
          meeting_id: string;
          occurred_at: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          segment?: string | null;
          team_id: string;
        };
        Update: {
          about_id?: string | null;
          about_user_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          elapsed_ms?: number | null;
          event?:
            | 'segment_started'
            | 'segment_paused'
            | 'segment_ended'
            | 'presenter_claimed'
            | 'joined'
            | 'left'
            | 'marked_absent'
            | 'drop_down'
            | 'ratings_revealed';
          hlc?: string;
          id?: string;
          location_id?: string | null;
          meeting_id?: string;
          occurred_at?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          segment?: string | null;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'meeting_events_about_user_id_fkey';
            columns: ['about_user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_events_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_events_meeting_id_fkey';
            columns: ['meeting_id'];
            isOneToOne: false;
            referencedRelation: 'l10_meetings';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_events_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      meeting_notes: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          meeting_id: string;
          notes: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          segment: string;
          team_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          meeting_id: string;
          notes: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          segment: string;
          team_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          meeting_id?: string;
          notes?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          segment?: string;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'meeting_notes_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_notes_meeting_id_fkey';
            columns: ['meeting_id'];
            isOneToOne: false;
            referencedRelation: 'l10_meetings';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_notes_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      meeting_ratings: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          meeting_id: string;
          rating: number;
          reason: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          meeting_id: string;
          rating: number;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          meeting_id?: string;
          rating?: number;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'meeting_ratings_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_ratings_meeting_id_fkey';
            columns: ['meeting_id'];
            isOneToOne: false;
            referencedRelation: 'l10_meetings';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_ratings_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'meeting_ratings_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      milestones: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          done: boolean;
          due_on: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          rank: string;
          recorded_at: string;
          rock_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
          title: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          done: boolean;
          due_on?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          rank: string;
          recorded_at?: string;
          rock_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
          title: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          done?: boolean;
          due_on?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          rank?: string;
          recorded_at?: string;
          rock_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
          title?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'milestones_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'milestones_rock_id_fkey';
            columns: ['rock_id'];
            isOneToOne: false;
            referencedRelation: 'rocks';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'milestones_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      notification_reads: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          notification_id: string;
          read: Json;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          snoozed_until: string | null;
          user_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          notification_id: string;
          read: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          snoozed_until?: string | null;
          user_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          notification_id?: string;
          read?: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          snoozed_until?: string | null;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'notification_reads_notification_id_fkey';
            columns: ['notification_id'];
            isOneToOne: false;
            referencedRelation: 'notifications';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notification_reads_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      notifications: {
        Row: {
          body: string;
          created_at: string;
          created_by: string | null;
          dedupe_key: string;
          device_id: string | null;
          expires_at: string | null;
          hlc: string;
          id: string;
          kind: string;
          location_id: string | null;
          origin_seq: string | null;
          recipient_id: string;
          recorded_at: string;
          ref_id: string | null;
          ref_table: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          severity: 'info' | 'warning' | 'urgent';
        };
        Insert: {
          body: string;
          created_at?: string;
          created_by?: string | null;
          dedupe_key: string;
          device_id?: string | null;
          expires_at?: string | null;
          hlc: string;
          id: string;
          kind: string;
          location_id?: string | null;
          origin_seq?: string | null;
          recipient_id: string;
          recorded_at?: string;
          ref_id?: string | null;
          ref_table?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          severity: 'info' | 'warning' | 'urgent';
        };
        Update: {
          body?: string;
          created_at?: string;
          created_by?: string | null;
          dedupe_key?: string;
          device_id?: string | null;
          expires_at?: string | null;
          hlc?: string;
          id?: string;
          kind?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          recipient_id?: string;
          recorded_at?: string;
          ref_id?: string | null;
          ref_table?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          severity?: 'info' | 'warning' | 'urgent';
        };
        Relationships: [
          {
            foreignKeyName: 'notifications_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'notifications_recipient_id_fkey';
            columns: ['recipient_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      open_payments_thresholds: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          item_cents: string;
          program_year: number;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          source_url: string;
          year_cents: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          item_cents: string;
          program_year: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_url: string;
          year_cents: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          item_cents?: string;
          program_year?: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source_url?: string;
          year_cents?: string;
        };
        Relationships: [];
      };
      opt_outs: {
        Row: {
          channel: 'sms' | 'email' | 'any';
          covers: 'channel' | 'all';
          created_at: string;
          created_by: string | null;
          destination_hash: string;
          device_id: string | null;
          hlc: string;
          honoured_at: string | null;
          id: string;
          location_id: string | null;
          origin_seq: string | null;
          patient_id: string | null;
          received_at: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          source: 'keyword' | 'any_words' | 'staff' | 'complaint' | 'bounce';
        };
        Insert: {
          channel: 'sms' | 'email' | 'any';
          covers: 'channel' | 'all';
          created_at?: string;
          created_by?: string | null;
          destination_hash: string;
          device_id?: string | null;
          hlc: string;
          honoured_at?: string | null;
          id: string;
          location_id?: string | null;
          origin_seq?: string | null;
          patient_id?: string | null;
          received_at: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source: 'keyword' | 'any_words' | 'staff' | 'complaint' | 'bounce';
        };
        Update: {
          channel?: 'sms' | 'email' | 'any';
          covers?: 'channel' | 'all';
          created_at?: string;
          created_by?: string | null;
          destination_hash?: string;
          device_id?: string | null;
          hlc?: string;
          honoured_at?: string | null;
          id?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          patient_id?: string | null;
          received_at?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source?: 'keyword' | 'any_words' | 'staff' | 'complaint' | 'bounce';
        };
        Relationships: [
          {
            foreignKeyName: 'opt_outs_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'opt_outs_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      order_send_events: {
        Row: {
          created_at: string;
          created_by: string | null;
          destination: string | null;
          device_id: string | null;
          event: 'sent' | 'failed' | 'unknown' | 'skipped';
          id: string;
          location_id: string;
          occurred_at: string;
          order_id: string;
          problem: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          send_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          destination?: string | null;
          device_id?: string | null;
          event: 'sent' | 'failed' | 'unknown' | 'skipped';
          id: string;
          location_id: string;
          occurred_at: string;
          order_id: string;
          problem?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          send_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          destination?: string | null;
          device_id?: string | null;
          event?: 'sent' | 'failed' | 'unknown' | 'skipped';
          id?: string;
          location_id?: string;
          occurred_at?: string;
          order_id?: string;
          problem?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          send_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'order_send_events_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'order_send_events_order_id_fkey';
            columns: ['order_id'];
            isOneToOne: false;
            referencedRelation: 'purchase_orders';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'order_send_events_send_id_fkey';
            columns: ['send_id'];
            isOneToOne: false;
            referencedRelation: 'order_sends';
            referencedColumns: ['id'];
          },
        ];
      };
      order_sends: {
        Row: {
          channel: 'email' | 'slack';
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          language: 'en' | 'es';
          location_id: string;
          order_id: string;
          origin_seq: string | null;
          recorded_at: string;
          repeats_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          channel: 'email' | 'slack';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          language: 'en' | 'es';
          location_id: string;
          order_id: string;
          origin_seq?: string | null;
          recorded_at?: string;
          repeats_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          channel?: 'email' | 'slack';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          language?: 'en' | 'es';
          location_id?: string;
          order_id?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          repeats_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'order_sends_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'order_sends_order_id_fkey';
            columns: ['order_id'];
            isOneToOne: false;
            referencedRelation: 'purchase_orders';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'order_sends_repeats_id_fkey';
            columns: ['repeats_id'];
            isOneToOne: false;
            referencedRelation: 'order_sends';
            referencedColumns: ['id'];
          },
        ];
      };
      outage_log: {
        Row: {
          began_at: string;
          created_at: string;
          created_by: string | null;
          detected_how: 'automatic' | 'person' | 'vendor_notice';
          device_id: string | null;
          ended_at: string | null;
          event: 'began' | 'ended' | 'noted';
          evidence_hash: string | null;
          hlc: string;
          id: string;
          location_id: string;
          note: string | null;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          system: string;
        };
        Insert: {
          began_at: string;
          created_at?: string;
          created_by?: string | null;
          detected_how: 'automatic' | 'person' | 'vendor_notice';
          device_id?: string | null;
          ended_at?: string | null;
          event: 'began' | 'ended' | 'noted';
          evidence_hash?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          note?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          system: string;
        };
        Update: {
          began_at?: string;
          created_at?: string;
          created_by?: string | null;
          detected_how?: 'automatic' | 'person' | 'vendor_notice';
          device_id?: string | null;
          ended_at?: string | null;
          event?: 'began' | 'ended' | 'noted';
          evidence_hash?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          note?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          system?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'outage_log_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      pa_communications: {
        Row: {
          body: string;
          channel: 'phone' | 'fax' | 'portal' | 'email' | 'in_person';
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          direction: 'in' | 'out';
          hlc: string;
          id: string;
          location_id: string;
          occurred_at: string;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          with_whom: 'insurer' | 'pharmacy' | 'patient' | 'prescriber';
        };
        Insert: {
          body: string;
          channel: 'phone' | 'fax' | 'portal' | 'email' | 'in_person';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          direction: 'in' | 'out';
          hlc: string;
          id: string;
          location_id: string;
          occurred_at: string;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          with_whom: 'insurer' | 'pharmacy' | 'patient' | 'prescriber';
        };
        Update: {
          body?: string;
          channel?: 'phone' | 'fax' | 'portal' | 'email' | 'in_person';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          direction?: 'in' | 'out';
          hlc?: string;
          id?: string;
          location_id?: string;
          occurred_at?: string;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          with_whom?: 'insurer' | 'pharmacy' | 'patient' | 'prescriber';
        };
        Relationships: [
          {
            foreignKeyName: 'pa_communications_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_communications_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_communications_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
        ];
      };
      pa_signatures: {
        Row: {
          content_hash: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          method: 'pin' | 'biometric' | 'password';
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          signed_at: string;
          signer_id: string;
        };
        Insert: {
          content_hash: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          method: 'pin' | 'biometric' | 'password';
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signed_at: string;
          signer_id: string;
        };
        Update: {
          content_hash?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          method?: 'pin' | 'biometric' | 'password';
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signed_at?: string;
          signer_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'pa_signatures_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_signatures_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_signatures_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_signatures_signer_id_fkey';
            columns: ['signer_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      pa_submissions: {
        Row: {
          channel: 'covermymeds' | 'fax' | 'phone' | 'portal';
          content_hash: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          electronic: boolean;
          external_key: string | null;
          fax_pages: number | null;
          hlc: string;
          id: string;
          kind: 'initial' | 'more_info' | 'appeal' | 'peer_to_peer';
          location_id: string;
          origin_seq: string | null;
          outage_id: string | null;
          patient_id: string;
          payload_file_id: string | null;
          recorded_at: string;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          sent_at: string;
          signature_id: string | null;
        };
        Insert: {
          channel: 'covermymeds' | 'fax' | 'phone' | 'portal';
          content_hash: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          electronic: boolean;
          external_key?: string | null;
          fax_pages?: number | null;
          hlc: string;
          id: string;
          kind: 'initial' | 'more_info' | 'appeal' | 'peer_to_peer';
          location_id: string;
          origin_seq?: string | null;
          outage_id?: string | null;
          patient_id: string;
          payload_file_id?: string | null;
          recorded_at?: string;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sent_at: string;
          signature_id?: string | null;
        };
        Update: {
          channel?: 'covermymeds' | 'fax' | 'phone' | 'portal';
          content_hash?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          electronic?: boolean;
          external_key?: string | null;
          fax_pages?: number | null;
          hlc?: string;
          id?: string;
          kind?: 'initial' | 'more_info' | 'appeal' | 'peer_to_peer';
          location_id?: string;
          origin_seq?: string | null;
          outage_id?: string | null;
          patient_id?: string;
          payload_file_id?: string | null;
          recorded_at?: string;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sent_at?: string;
          signature_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'pa_submissions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_submissions_outage_id_fkey';
            columns: ['outage_id'];
            isOneToOne: false;
            referencedRelation: 'outage_log';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_submissions_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_submissions_payload_file_id_fkey';
            columns: ['payload_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_submissions_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_submissions_signature_id_fkey';
            columns: ['signature_id'];
            isOneToOne: false;
            referencedRelation: 'pa_signatures';
            referencedColumns: ['id'];
          },
        ];
      };
      pa_tasks: {
        Row: {
          assigned_to: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          due_at: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          patient_id: string;
          recorded_at: string;
          request_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'open' | 'in_progress' | 'done' | 'cancelled';
          title: string;
        };
        Insert: {
          assigned_to?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          due_at?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          patient_id: string;
          recorded_at?: string;
          request_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'open' | 'in_progress' | 'done' | 'cancelled';
          title: string;
        };
        Update: {
          assigned_to?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          due_at?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          patient_id?: string;
          recorded_at?: string;
          request_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'open' | 'in_progress' | 'done' | 'cancelled';
          title?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'pa_tasks_assigned_to_fkey';
            columns: ['assigned_to'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_tasks_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_tasks_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pa_tasks_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
        ];
      };
      patient_comm_preferences: {
        Row: {
          channel: 'print' | 'email' | 'sms' | 'portal';
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          font_scale: number;
          id: string;
          language: 'en' | 'es';
          location_id: string;
          patient_id: string;
          rank: number;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          to_proxy: boolean;
        };
        Insert: {
          channel: 'print' | 'email' | 'sms' | 'portal';
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          font_scale: number;
          id: string;
          language: 'en' | 'es';
          location_id: string;
          patient_id: string;
          rank: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          to_proxy: boolean;
        };
        Update: {
          channel?: 'print' | 'email' | 'sms' | 'portal';
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          font_scale?: number;
          id?: string;
          language?: 'en' | 'es';
          location_id?: string;
          patient_id?: string;
          rank?: number;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          to_proxy?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: 'patient_comm_preferences_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_comm_preferences_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      patient_field_changes: {
        Row: {
          base_value: Json | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          field: string;
          hlc: string;
          id: string;
          location_id: string;
          new_value: Json | null;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          session_id: string | null;
          source: 'kiosk' | 'desk' | 'home' | 'import';
        };
        Insert: {
          base_value?: Json | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field: string;
          hlc: string;
          id: string;
          location_id: string;
          new_value?: Json | null;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
          source: 'kiosk' | 'desk' | 'home' | 'import';
        };
        Update: {
          base_value?: Json | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field?: string;
          hlc?: string;
          id?: string;
          location_id?: string;
          new_value?: Json | null;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          session_id?: string | null;
          source?: 'kiosk' | 'desk' | 'home' | 'import';
        };
        Relationships: [
          {
            foreignKeyName: 'patient_field_changes_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_field_changes_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_field_changes_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'kiosk_sessions';
            referencedColumns: ['id'];
          },
        ];
      };
      patient_field_decisions: {
        Row: {
          change_id: string;
          created_at: string;
          created_by: string | null;
          decided_by: string;
          decision: 'accepted' | 'rejected' | 'edited';
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          value: Json | null;
        };
        Insert: {
          change_id: string;
          created_at?: string;
          created_by?: string | null;
          decided_by: string;
          decision: 'accepted' | 'rejected' | 'edited';
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          value?: Json | null;
        };
        Update: {
          change_id?: string;
          created_at?: string;
          created_by?: string | null;
          decided_by?: string;
          decision?: 'accepted' | 'rejected' | 'edited';
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          value?: Json | null;
        };
        Relationships: [
          {
            foreignKeyName: 'patient_field_decisions_change_id_fkey';
            columns: ['change_id'];
            isOneToOne: false;
            referencedRelation: 'patient_field_changes';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_field_decisions_decided_by_fkey';
            columns: ['decided_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_field_decisions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_field_decisions_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      patient_medications: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          ehr_id: string | null;
          ended_on: string | null;
          id: string;
          location_id: string;
          medication_id: string | null;
          name: string;
          patient_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          sig: string | null;
          source_version: number;
          started_on: string | null;
          status: 'active' | 'completed' | 'stopped' | 'entered-in-error';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          ehr_id?: string | null;
          ended_on?: string | null;
          id: string;
          location_id: string;
          medication_id?: string | null;
          name: string;
          patient_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sig?: string | null;
          source_version: number;
          started_on?: string | null;
          status: 'active' | 'completed' | 'stopped' | 'entered-in-error';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          ehr_id?: string | null;
          ended_on?: string | null;
          id?: string;
          location_id?: string;
          medication_id?: string | null;
          name?: string;
          patient_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sig?: string | null;
          source_version?: number;
          started_on?: string | null;
          status?: 'active' | 'completed' | 'stopped' | 'entered-in-error';
        };
        Relationships: [
          {
            foreignKeyName: 'patient_medications_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_medications_medication_id_fkey';
            columns: ['medication_id'];
            isOneToOne: false;
            referencedRelation: 'medications';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_medications_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      patient_refs: {
        Row: {
          appointment_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'patient_refs_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_refs_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_refs_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      patient_uses: {
        Row: {
          act_id: string | null;
          appointment_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          draws: Json;
          hlc: string;
          id: string;
          lines: Json;
          local_date: string;
          location_id: string;
          note: string | null;
          occurred_at: string;
          origin_seq: string | null;
          patient_id: string;
          reason_code: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          act_id?: string | null;
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          draws: Json;
          hlc: string;
          id: string;
          lines: Json;
          local_date: string;
          location_id: string;
          note?: string | null;
          occurred_at: string;
          origin_seq?: string | null;
          patient_id: string;
          reason_code?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          act_id?: string | null;
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          draws?: Json;
          hlc?: string;
          id?: string;
          lines?: Json;
          local_date?: string;
          location_id?: string;
          note?: string | null;
          occurred_at?: string;
          origin_seq?: string | null;
          patient_id?: string;
          reason_code?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'patient_uses_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_uses_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'patient_uses_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      patients: {
        Row: {
          address: string | null;
          birth_date: string;
          created_at: string;
          created_by: string | null;
          deceased_on: string | null;
          deleted_at: string | null;
          desk_note: string | null;
          device_id: string | null;
          ehr_id: string | null;
          email: string | null;
          family_name: string;
          field_by: Json;
          field_hlc: Json;
          given_name: string;
          id: string;
          language: 'en' | 'es';
          merged_into_id: string | null;
          mrn: string | null;
          phones: Json;
          proxy: Json | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          sex: 'female' | 'male' | 'other' | 'unknown';
          site_ids: string[];
          source_version: number;
        };
        Insert: {
          address?: string | null;
          birth_date: string;
          created_at?: string;
          created_by?: string | null;
          deceased_on?: string | null;
          deleted_at?: string | null;
          desk_note?: string | null;
          device_id?: string | null;
          ehr_id?: string | null;
          email?: string | null;
          family_name: string;
          field_by?: Json;
          field_hlc?: Json;
          given_name: string;
          id: string;
          language: 'en' | 'es';
          merged_into_id?: string | null;
          mrn?: string | null;
          phones: Json;
          proxy?: Json | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sex: 'female' | 'male' | 'other' | 'unknown';
          site_ids: string[];
          source_version: number;
        };
        Update: {
          address?: string | null;
          birth_date?: string;
          created_at?: string;
          created_by?: string | null;
          deceased_on?: string | null;
          deleted_at?: string | null;
          desk_note?: string | null;
          device_id?: string | null;
          ehr_id?: string | null;
          email?: string | null;
          family_name?: string;
          field_by?: Json;
          field_hlc?: Json;
          given_name?: string;
          id?: string;
          language?: 'en' | 'es';
          merged_into_id?: string | null;
          mrn?: string | null;
          phones?: Json;
          proxy?: Json | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          sex?: 'female' | 'male' | 'other' | 'unknown';
          site_ids?: string[];
          source_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'patients_merged_into_id_fkey';
            columns: ['merged_into_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      payer_rule_versions: {
        Row: {
          created_at: string;
          created_by: string | null;
          criteria: Json;
          device_id: string | null;
          effective_from: string;
          effective_to: string | null;
          id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          rule_id: string;
          schema_version: number;
          source_url: string | null;
          verified_by: string | null;
          version_no: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          criteria: Json;
          device_id?: string | null;
          effective_from: string;
          effective_to?: string | null;
          id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          rule_id: string;
          schema_version?: number;
          source_url?: string | null;
          verified_by?: string | null;
          version_no: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          criteria?: Json;
          device_id?: string | null;
          effective_from?: string;
          effective_to?: string | null;
          id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          rule_id?: string;
          schema_version?: number;
          source_url?: string | null;
          verified_by?: string | null;
          version_no?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'payer_rule_versions_rule_id_fkey';
            columns: ['rule_id'];
            isOneToOne: false;
            referencedRelation: 'payer_rules';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'payer_rule_versions_verified_by_fkey';
            columns: ['verified_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      payer_rules: {
        Row: {
          active: boolean;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          id: string;
          medication_id: string;
          payer: string;
          plan: string | null;
          recorded_at: string;
          regime: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          active: boolean;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id: string;
          medication_id: string;
          payer: string;
          plan?: string | null;
          recorded_at?: string;
          regime: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          active?: boolean;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          id?: string;
          medication_id?: string;
          payer?: string;
          plan?: string | null;
          recorded_at?: string;
          regime?: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'payer_rules_medication_id_fkey';
            columns: ['medication_id'];
            isOneToOne: false;
            referencedRelation: 'medications';
            referencedColumns: ['id'];
          },
        ];
      };
      payment_transactions: {
        Row: {
          amount_cents: string;
          appointment_id: string | null;
          brand: string | null;
          collected_by: string | null;
          created_at: string;
          created_by: string | null;
          currency: 'USD';
          device_id: string | null;
          event:
            | 'created'
            | 'processing'
            | 'succeeded'
            | 'failed'
            | 'deferred'
            | 'voided'
            | 'refunded'
            | 'reconciled';
          hlc: string;
          id: string;
          idempotency_key: string;
          intent_id: string;
          last4: string | null;
          local_date: string;
          location_id: string;
          method: 'card_present' | 'cash' | 'cheque' | 'deferred';
          occurred_at: string;
          origin_seq: string | null;
          patient_id: string;
          processor_ref: string | null;
          purpose: 'copay' | 'balance' | 'deductible' | 'deposit' | 'fee' | 'refund';
          reason_code: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          amount_cents: string;
          appointment_id?: string | null;
          brand?: string | null;
          collected_by?: string | null;
          created_at?: string;
          created_by?: string | null;
          currency: 'USD';
          device_id?: string | null;
          event:
            | 'created'
            | 'processing'
            | 'succeeded'
            | 'failed'
            | 'deferred'
            | 'voided'
            | 'refunded'
            | 'reconciled';
          hlc: string;
          id: string;
          idempotency_key: string;
          intent_id: string;
          last4?: string | null;
          local_date: string;
          location_id: string;
          method: 'card_present' | 'cash' | 'cheque' | 'deferred';
          occurred_at: string;
          origin_seq?: string | null;
          patient_id: string;
          processor_ref?: string | null;
          purpose: 'copay' | 'balance' | 'deductible' | 'deposit' | 'fee' | 'refund';
          reason_code?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          amount_cents?: string;
          appointment_id?: string | null;
          brand?: string | null;
          collected_by?: string | null;
          created_at?: string;
          created_by?: string | null;
          currency?: 'USD';
          device_id?: string | null;
          event?:
            | 'created'
            | 'processing'
            | 'succeeded'
            | 'failed'
            | 'deferred'
            | 'voided'
            | 'refunded'
            | 'reconciled';
          hlc?: string;
          id?: string;
          idempotency_key?: string;
          intent_id?: string;
          last4?: string | null;
          local_date?: string;
          location_id?: string;
          method?: 'card_present' | 'cash' | 'cheque' | 'deferred';
          occurred_at?: string;
          origin_seq?: string | null;
          patient_id?: string;
          processor_ref?: string | null;
          purpose?: 'copay' | 'balance' | 'deductible' | 'deposit' | 'fee' | 'refund';
          reason_code?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'payment_transactions_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'payment_transactions_collected_by_fkey';
            columns: ['collected_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'payment_transactions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'payment_transactions_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
        ];
      };
      pharma_appointments: {
        Row: {
          activity_id: string;
          booking_source: 'desk' | 'phone' | 'web' | 'email';
          catering: Json | null;
          confirmation_no: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          ends_at: string;
          expected_heads: number;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          products: Json;
          recorded_at: string;
          rep_id: string;
          rep_user_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          seat_no: number;
          starts_at: string;
          status:
            | 'requested'
            | 'held'
            | 'confirmed'
            | 'arrived'
            | 'completed'
            | 'declined'
            | 'cancelled_by_rep'
            | 'cancelled_by_clinic'
            | 'no_show'
            | 'conflict';
          topic: string | null;
        };
        Insert: {
          activity_id: string;
          booking_source: 'desk' | 'phone' | 'web' | 'email';
          catering?: Json | null;
          confirmation_no?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          ends_at: string;
          expected_heads: number;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          products: Json;
          recorded_at?: string;
          rep_id: string;
          rep_user_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seat_no: number;
          starts_at: string;
          status:
            | 'requested'
            | 'held'
            | 'confirmed'
            | 'arrived'
            | 'completed'
            | 'declined'
            | 'cancelled_by_rep'
            | 'cancelled_by_clinic'
            | 'no_show'
            | 'conflict';
          topic?: string | null;
        };
        Update: {
          activity_id?: string;
          booking_source?: 'desk' | 'phone' | 'web' | 'email';
          catering?: Json | null;
          confirmation_no?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          ends_at?: string;
          expected_heads?: number;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          products?: Json;
          recorded_at?: string;
          rep_id?: string;
          rep_user_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seat_no?: number;
          starts_at?: string;
          status?:
            | 'requested'
            | 'held'
            | 'confirmed'
            | 'arrived'
            | 'completed'
            | 'declined'
            | 'cancelled_by_rep'
            | 'cancelled_by_clinic'
            | 'no_show'
            | 'conflict';
          topic?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'pharma_appointments_activity_id_fkey';
            columns: ['activity_id'];
            isOneToOne: false;
            referencedRelation: 'scheduling_activities';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pharma_appointments_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pharma_appointments_rep_id_fkey';
            columns: ['rep_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_representatives';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pharma_appointments_rep_user_id_fkey';
            columns: ['rep_user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      pharma_companies: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          domains: Json;
          field_by: Json;
          field_hlc: Json;
          id: string;
          name: string;
          note: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'active' | 'paused' | 'blocked';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          domains: Json;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          name: string;
          note?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'active' | 'paused' | 'blocked';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          domains?: Json;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          name?: string;
          note?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'active' | 'paused' | 'blocked';
        };
        Relationships: [];
      };
      pharma_representatives: {
        Row: {
          company_id: string;
          created_at: string;
          created_by: string | null;
          credential_expires_on: string | null;
          deleted_at: string | null;
          device_id: string | null;
          email: string;
          field_by: Json;
          field_hlc: Json;
          id: string;
          name: string;
          phone: string | null;
          products: Json;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'invited' | 'verified' | 'active' | 'suspended' | 'left';
          supervisor: string | null;
          territory: string | null;
          user_id: string | null;
        };
        Insert: {
          company_id: string;
          created_at?: string;
          created_by?: string | null;
          credential_expires_on?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          email: string;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          name: string;
          phone?: string | null;
          products: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'invited' | 'verified' | 'active' | 'suspended' | 'left';
          supervisor?: string | null;
          territory?: string | null;
          user_id?: string | null;
        };
        Update: {
          company_id?: string;
          created_at?: string;
          created_by?: string | null;
          credential_expires_on?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          email?: string;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          name?: string;
          phone?: string | null;
          products?: Json;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'invited' | 'verified' | 'active' | 'suspended' | 'left';
          supervisor?: string | null;
          territory?: string | null;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'pharma_representatives_company_id_fkey';
            columns: ['company_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_companies';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'pharma_representatives_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      po_approvals: {
        Row: {
          amount_cents: string;
          approver_id: string;
          basis_version: string;
          created_at: string;
          created_by: string | null;
          decision: 'approved' | 'returned';
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          order_id: string;
          origin_seq: string | null;
          reason: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          amount_cents: string;
          approver_id: string;
          basis_version: string;
          created_at?: string;
          created_by?: string | null;
          decision: 'approved' | 'returned';
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          order_id: string;
          origin_seq?: string | null;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          amount_cents?: string;
          approver_id?: string;
          basis_version?: string;
          created_at?: string;
          created_by?: string | null;
          decision?: 'approved' | 'returned';
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          order_id?: string;
          origin_seq?: string | null;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'po_approvals_approver_id_fkey';
            columns: ['approver_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'po_approvals_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'po_approvals_order_id_fkey';
            columns: ['order_id'];
            isOneToOne: false;
            referencedRelation: 'purchase_orders';
            referencedColumns: ['id'];
          },
        ];
      };
      purchase_order_acts: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string;
          order_id: string;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string;
          order_id: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          lines?: Json;
          location_id?: string;
          order_id?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'purchase_order_acts_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'purchase_order_acts_order_id_fkey';
            columns: ['order_id'];
            isOneToOne: false;
            referencedRelation: 'purchase_orders';
            referencedColumns: ['id'];
          },
        ];
      };
      purchase_order_lines: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          item_id: string;
          location_id: string;
          order_id: string;
          qty_ordered: string;
          recorded_at: string;
          removed: boolean;
          row_version: string;
          row_xid: string;
          schema_version: number;
          substitutes: string[];
          unit: string;
          unit_price_cents: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          item_id: string;
          location_id: string;
          order_id: string;
          qty_ordered: string;
          recorded_at?: string;
          removed: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          substitutes: string[];
          unit: string;
          unit_price_cents?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          item_id?: string;
          location_id?: string;
          order_id?: string;
          qty_ordered?: string;
          recorded_at?: string;
          removed?: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          substitutes?: string[];
          unit?: string;
          unit_price_cents?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'purchase_order_lines_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'purchase_order_lines_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'purchase_order_lines_order_id_fkey';
            columns: ['order_id'];
            isOneToOne: false;
            referencedRelation: 'purchase_orders';
            referencedColumns: ['id'];
          },
        ];
      };
      purchase_orders: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          need_by: string | null;
          note: string | null;
          po_no: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status:
            | 'draft'
            | 'submitted'
            | 'returned'
            | 'approved'
            | 'ordered'
            | 'partially_received'
            | 'received'
            | 'closed'
            | 'cancelled';
          urgency: 'routine' | 'urgent' | 'emergency';
          vendor_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          need_by?: string | null;
          note?: string | null;
          po_no?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status:
            | 'draft'
            | 'submitted'
            | 'returned'
            | 'approved'
            | 'ordered'
            | 'partially_received'
            | 'received'
            | 'closed'
            | 'cancelled';
          urgency: 'routine' | 'urgent' | 'emergency';
          vendor_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          need_by?: string | null;
          note?: string | null;
          po_no?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?:
            | 'draft'
            | 'submitted'
            | 'returned'
            | 'approved'
            | 'ordered'
            | 'partially_received'
            | 'received'
            | 'closed'
            | 'cancelled';
          urgency?: 'routine' | 'urgent' | 'emergency';
          vendor_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'purchase_orders_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'purchase_orders_vendor_id_fkey';
            columns: ['vendor_id'];
            isOneToOne: false;
            referencedRelation: 'vendors';
            referencedColumns: ['id'];
          },
        ];
      };
      regime_rules: {
        Row: {
          benefit_type: 'pharmacy' | 'medical';
          counts: 'hours' | 'calendar_days';
          created_at: string;
          created_by: string | null;
          deemed_granted: boolean;
          device_id: string | null;
          effective_from: string;
          id: string;
          limit_hours: number;
          recorded_at: string;
          regime: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          restarts_on_more_info: boolean;
          row_version: string;
          row_xid: string;
          schema_version: number;
          source: string;
          starts_at: 'submission' | 'receipt';
          urgency: 'standard' | 'expedited';
        };
        Insert: {
          benefit_type: 'pharmacy' | 'medical';
          counts: 'hours' | 'calendar_days';
          created_at?: string;
          created_by?: string | null;
          deemed_granted: boolean;
          device_id?: string | null;
          effective_from: string;
          id: string;
          limit_hours: number;
          recorded_at?: string;
          regime: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          restarts_on_more_info: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source: string;
          starts_at: 'submission' | 'receipt';
          urgency: 'standard' | 'expedited';
        };
        Update: {
          benefit_type?: 'pharmacy' | 'medical';
          counts?: 'hours' | 'calendar_days';
          created_at?: string;
          created_by?: string | null;
          deemed_granted?: boolean;
          device_id?: string | null;
          effective_from?: string;
          id?: string;
          limit_hours?: number;
          recorded_at?: string;
          regime?: 'mi_commercial' | 'medicare' | 'medicaid' | 'erisa' | 'other';
          restarts_on_more_info?: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source?: string;
          starts_at?: 'submission' | 'receipt';
          urgency?: 'standard' | 'expedited';
        };
        Relationships: [];
      };
      reorder_requests: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          item_id: string;
          location_id: string;
          order_id: string | null;
          qty_base: string;
          reason: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'pending' | 'approved' | 'rejected' | 'ordered';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          item_id: string;
          location_id: string;
          order_id?: string | null;
          qty_base: string;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'pending' | 'approved' | 'rejected' | 'ordered';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          item_id?: string;
          location_id?: string;
          order_id?: string | null;
          qty_base?: string;
          reason?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'pending' | 'approved' | 'rejected' | 'ordered';
        };
        Relationships: [
          {
            foreignKeyName: 'reorder_requests_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'reorder_requests_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'reorder_requests_order_id_fkey';
            columns: ['order_id'];
            isOneToOne: false;
            referencedRelation: 'purchase_orders';
            referencedColumns: ['id'];
          },
        ];
      };
      rep_communications: {
        Row: {
          appointment_id: string | null;
          body: string;
          channel: 'email' | 'phone' | 'in_person' | 'web';
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          direction: 'in' | 'out';
          hlc: string;
          id: string;
          location_id: string | null;
          occurred_at: string;
          origin_seq: string | null;
          recorded_at: string;
          rep_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          appointment_id?: string | null;
          body: string;
          channel: 'email' | 'phone' | 'in_person' | 'web';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          direction: 'in' | 'out';
          hlc: string;
          id: string;
          location_id?: string | null;
          occurred_at: string;
          origin_seq?: string | null;
          recorded_at?: string;
          rep_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          appointment_id?: string | null;
          body?: string;
          channel?: 'email' | 'phone' | 'in_person' | 'web';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          direction?: 'in' | 'out';
          hlc?: string;
          id?: string;
          location_id?: string | null;
          occurred_at?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          rep_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'rep_communications_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rep_communications_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rep_communications_rep_id_fkey';
            columns: ['rep_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_representatives';
            referencedColumns: ['id'];
          },
        ];
      };
      rep_policy_acks: {
        Row: {
          acknowledged_at: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          expires_on: string | null;
          hlc: string;
          id: string;
          location_id: string | null;
          origin_seq: string | null;
          policy_version: string;
          recorded_at: string;
          rep_id: string;
          rep_user_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
        };
        Insert: {
          acknowledged_at: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          expires_on?: string | null;
          hlc: string;
          id: string;
          location_id?: string | null;
          origin_seq?: string | null;
          policy_version: string;
          recorded_at?: string;
          rep_id: string;
          rep_user_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Update: {
          acknowledged_at?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          expires_on?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          policy_version?: string;
          recorded_at?: string;
          rep_id?: string;
          rep_user_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'rep_policy_acks_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rep_policy_acks_rep_id_fkey';
            columns: ['rep_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_representatives';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rep_policy_acks_rep_user_id_fkey';
            columns: ['rep_user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      review_decisions: {
        Row: {
          accepted_at: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string | null;
          origin_seq: string | null;
          recorded_at: string;
          reverses_id: string | null;
          row_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          table_name: string;
        };
        Insert: {
          accepted_at?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          lines: Json;
          location_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          table_name: string;
        };
        Update: {
          accepted_at?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          lines?: Json;
          location_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          table_name?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'review_decisions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'review_decisions_reverses_id_fkey';
            columns: ['reverses_id'];
            isOneToOne: false;
            referencedRelation: 'review_decisions';
            referencedColumns: ['id'];
          },
        ];
      };
      review_items: {
        Row: {
          created_at: string;
          created_by: string | null;
          decided_by: string | null;
          decision: string | null;
          deleted_at: string | null;
          device_id: string | null;
          facts: Json;
          field: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          kind:
            | 'field_conflict'
            | 'count_variance'
            | 'negative_stock'
            | 'duplicate_person'
            | 'identity_merge'
            | 'order_changed'
            | 'slot_conflict'
            | 'session_conflict'
            | 'transfer_short'
            | 'vial_overdrawn'
            | 'gtin_clash'
            | 'contradictory_response'
            | 'duplicate_submission'
            | 'voided_signature'
            | 'unknown_payment'
            | 'patient_proposal'
            | 'quarantined';
          location_id: string | null;
          recorded_at: string;
          row_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'open' | 'decided' | 'void';
          table_name: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          decided_by?: string | null;
          decision?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          facts: Json;
          field?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          kind:
            | 'field_conflict'
            | 'count_variance'
            | 'negative_stock'
            | 'duplicate_person'
            | 'identity_merge'
            | 'order_changed'
            | 'slot_conflict'
            | 'session_conflict'
            | 'transfer_short'
            | 'vial_overdrawn'
            | 'gtin_clash'
            | 'contradictory_response'
            | 'duplicate_submission'
            | 'voided_signature'
            | 'unknown_payment'
            | 'patient_proposal'
            | 'quarantined';
          location_id?: string | null;
          recorded_at?: string;
          row_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'open' | 'decided' | 'void';
          table_name: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          decided_by?: string | null;
          decision?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          facts?: Json;
          field?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          kind?:
            | 'field_conflict'
            | 'count_variance'
            | 'negative_stock'
            | 'duplicate_person'
            | 'identity_merge'
            | 'order_changed'
            | 'slot_conflict'
            | 'session_conflict'
            | 'transfer_short'
            | 'vial_overdrawn'
            | 'gtin_clash'
            | 'contradictory_response'
            | 'duplicate_submission'
            | 'voided_signature'
            | 'unknown_payment'
            | 'patient_proposal'
            | 'quarantined';
          location_id?: string | null;
          recorded_at?: string;
          row_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'open' | 'decided' | 'void';
          table_name?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'review_items_decided_by_fkey';
            columns: ['decided_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'review_items_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      rock_checkins: {
        Row: {
          by_owner: boolean;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string | null;
          origin_seq: string | null;
          recorded_at: string;
          rock_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'on_track' | 'off_track' | 'done' | 'not_done' | 'dropped';
          team_id: string;
          week_start: string;
        };
        Insert: {
          by_owner: boolean;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          rock_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'on_track' | 'off_track' | 'done' | 'not_done' | 'dropped';
          team_id: string;
          week_start: string;
        };
        Update: {
          by_owner?: boolean;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          rock_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'on_track' | 'off_track' | 'done' | 'not_done' | 'dropped';
          team_id?: string;
          week_start?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'rock_checkins_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rock_checkins_rock_id_fkey';
            columns: ['rock_id'];
            isOneToOne: false;
            referencedRelation: 'rocks';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rock_checkins_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      rocks: {
        Row: {
          archived: boolean;
          created_at: string;
          created_by: string | null;
          definition_of_done: string | null;
          deleted_at: string | null;
          device_id: string | null;
          due_on: string;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          owner_id: string;
          priority: number;
          quarter: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          shared_with: Json;
          team_id: string;
          title: string;
        };
        Insert: {
          archived: boolean;
          created_at?: string;
          created_by?: string | null;
          definition_of_done?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          due_on: string;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          owner_id: string;
          priority: number;
          quarter: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          shared_with: Json;
          team_id: string;
          title: string;
        };
        Update: {
          archived?: boolean;
          created_at?: string;
          created_by?: string | null;
          definition_of_done?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          due_on?: string;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          owner_id?: string;
          priority?: number;
          quarter?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          shared_with?: Json;
          team_id?: string;
          title?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'rocks_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rocks_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'rocks_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      role_permissions: {
        Row: {
          conditions: Json;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          effective_from: string;
          id: string;
          permission: string;
          recorded_at: string;
          role:
            | 'FD'
            | 'KD'
            | 'CS'
            | 'PR'
            | 'MG'
            | 'LM'
            | 'IT'
            | 'SA'
            | 'AS'
            | 'BUY'
            | 'SAFETY'
            | 'CO'
            | 'REP'
            | 'TL';
          row_version: string;
          row_xid: string;
          schema_version: number;
          version_no: number;
        };
        Insert: {
          conditions: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_from: string;
          id: string;
          permission: string;
          recorded_at?: string;
          role:
            | 'FD'
            | 'KD'
            | 'CS'
            | 'PR'
            | 'MG'
            | 'LM'
            | 'IT'
            | 'SA'
            | 'AS'
            | 'BUY'
            | 'SAFETY'
            | 'CO'
            | 'REP'
            | 'TL';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          version_no: number;
        };
        Update: {
          conditions?: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_from?: string;
          id?: string;
          permission?: string;
          recorded_at?: string;
          role?:
            | 'FD'
            | 'KD'
            | 'CS'
            | 'PR'
            | 'MG'
            | 'LM'
            | 'IT'
            | 'SA'
            | 'AS'
            | 'BUY'
            | 'SAFETY'
            | 'CO'
            | 'REP'
            | 'TL';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          version_no?: number;
        };
        Relationships: [];
      };
      sample_deliveries: {
        Row: {
          appointment_id: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          expiry_date: string | null;
          hlc: string;
          id: string;
          item_id: string;
          location_id: string;
          lot_no: string;
          origin_seq: string | null;
          qty_base: string;
          received_by: string;
          recorded_at: string;
          rep_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          stock_act_id: string | null;
        };
        Insert: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          expiry_date?: string | null;
          hlc: string;
          id: string;
          item_id: string;
          location_id: string;
          lot_no: string;
          origin_seq?: string | null;
          qty_base: string;
          received_by: string;
          recorded_at?: string;
          rep_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          stock_act_id?: string | null;
        };
        Update: {
          appointment_id?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          expiry_date?: string | null;
          hlc?: string;
          id?: string;
          item_id?: string;
          location_id?: string;
          lot_no?: string;
          origin_seq?: string | null;
          qty_base?: string;
          received_by?: string;
          recorded_at?: string;
          rep_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          stock_act_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'sample_deliveries_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_deliveries_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_deliveries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_deliveries_received_by_fkey';
            columns: ['received_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_deliveries_rep_id_fkey';
            columns: ['rep_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_representatives';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_deliveries_stock_act_id_fkey';
            columns: ['stock_act_id'];
            isOneToOne: false;
            referencedRelation: 'stock_acts';
            referencedColumns: ['id'];
          },
        ];
      };
      sample_log: {
        Row: {
          act_id: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          dispensed_by: string;
          hlc: string;
          id: string;
          line: Json | null;
          local_date: string | null;
          location_id: string;
          lot_id: string;
          occurred_at: string;
          origin_seq: string | null;
          patient_id: string | null;
          prescriber_id: string;
          qty_base: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          signature: string | null;
          signature_id: string | null;
          witnessed_by: string | null;
        };
        Insert: {
          act_id: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          dispensed_by: string;
          hlc: string;
          id: string;
          line?: Json | null;
          local_date?: string | null;
          location_id: string;
          lot_id: string;
          occurred_at: string;
          origin_seq?: string | null;
          patient_id?: string | null;
          prescriber_id: string;
          qty_base: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signature?: string | null;
          signature_id?: string | null;
          witnessed_by?: string | null;
        };
        Update: {
          act_id?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          dispensed_by?: string;
          hlc?: string;
          id?: string;
          line?: Json | null;
          local_date?: string | null;
          location_id?: string;
          lot_id?: string;
          occurred_at?: string;
          origin_seq?: string | null;
          patient_id?: string | null;
          prescriber_id?: string;
          qty_base?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signature?: string | null;
          signature_id?: string | null;
          witnessed_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'sample_log_act_id_fkey';
            columns: ['act_id'];
            isOneToOne: false;
            referencedRelation: 'stock_acts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_log_dispensed_by_fkey';
            columns: ['dispensed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_log_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_log_lot_id_fkey';
            columns: ['lot_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_lots';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_log_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_log_prescriber_id_fkey';
            columns: ['prescriber_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_log_witnessed_by_fkey';
            columns: ['witnessed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      sample_reconciliations: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string;
          month: string;
          note: string | null;
          occurred_at: string;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          signature: string;
          witnessed_by: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          lines: Json;
          location_id: string;
          month: string;
          note?: string | null;
          occurred_at: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signature: string;
          witnessed_by?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          lines?: Json;
          location_id?: string;
          month?: string;
          note?: string | null;
          occurred_at?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signature?: string;
          witnessed_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'sample_reconciliations_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sample_reconciliations_witnessed_by_fkey';
            columns: ['witnessed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      scheduling_activities: {
        Row: {
          buffer_min: number;
          cancel_notice_h: number;
          caps: Json;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          duration_min: number;
          id: string;
          kind: 'lunch' | 'breakfast' | 'visit' | 'training' | 'sample_drop';
          location_id: string;
          max_people: number;
          min_notice_h: number;
          name: string;
          recorded_at: string;
          requires_approval: boolean;
          room: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          seats: number;
          start_minute: number;
          status: 'active' | 'paused' | 'retired';
          weekdays: Json;
          window_weeks: number;
        };
        Insert: {
          buffer_min: number;
          cancel_notice_h: number;
          caps: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          duration_min: number;
          id: string;
          kind: 'lunch' | 'breakfast' | 'visit' | 'training' | 'sample_drop';
          location_id: string;
          max_people: number;
          min_notice_h: number;
          name: string;
          recorded_at?: string;
          requires_approval: boolean;
          room?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seats: number;
          start_minute: number;
          status: 'active' | 'paused' | 'retired';
          weekdays: Json;
          window_weeks: number;
        };
        Update: {
          buffer_min?: number;
          cancel_notice_h?: number;
          caps?: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          duration_min?: number;
          id?: string;
          kind?: 'lunch' | 'breakfast' | 'visit' | 'training' | 'sample_drop';
          location_id?: string;
          max_people?: number;
          min_notice_h?: number;
          name?: string;
          recorded_at?: string;
          requires_approval?: boolean;
          room?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seats?: number;
          start_minute?: number;
          status?: 'active' | 'paused' | 'retired';
          weekdays?: Json;
          window_weeks?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'scheduling_activities_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      scorecard_entries: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          metric_id: string;
          note: string | null;
          period_start: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
          value: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          metric_id: string;
          note?: string | null;
          period_start: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
          value?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          metric_id?: string;
          note?: string | null;
          period_start?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
          value?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'scorecard_entries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'scorecard_entries_metric_id_fkey';
            columns: ['metric_id'];
            isOneToOne: false;
            referencedRelation: 'scorecard_metrics';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'scorecard_entries_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      scorecard_goals: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          effective_from: string;
          goal_max: string | null;
          goal_min: string | null;
          goal_op: 'gte' | 'lte' | 'eq' | 'between' | 'yes_no';
          hlc: string;
          id: string;
          location_id: string | null;
          metric_id: string;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
          yellow_band_pct: number;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_from: string;
          goal_max?: string | null;
          goal_min?: string | null;
          goal_op: 'gte' | 'lte' | 'eq' | 'between' | 'yes_no';
          hlc: string;
          id: string;
          location_id?: string | null;
          metric_id: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
          yellow_band_pct: number;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effective_from?: string;
          goal_max?: string | null;
          goal_min?: string | null;
          goal_op?: 'gte' | 'lte' | 'eq' | 'between' | 'yes_no';
          hlc?: string;
          id?: string;
          location_id?: string | null;
          metric_id?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
          yellow_band_pct?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'scorecard_goals_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'scorecard_goals_metric_id_fkey';
            columns: ['metric_id'];
            isOneToOne: false;
            referencedRelation: 'scorecard_metrics';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'scorecard_goals_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      scorecard_metrics: {
        Row: {
          archived: boolean;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          name: string;
          owner_id: string | null;
          period: 'daily' | 'weekly' | 'monthly';
          rank: string;
          recorded_at: string;
          roll_up: 'sum' | 'avg' | 'last';
          row_version: string;
          row_xid: string;
          schema_version: number;
          source: string;
          team_id: string;
          unit: 'number' | 'percent' | 'currency' | 'yes_no';
        };
        Insert: {
          archived: boolean;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          name: string;
          owner_id?: string | null;
          period: 'daily' | 'weekly' | 'monthly';
          rank: string;
          recorded_at?: string;
          roll_up: 'sum' | 'avg' | 'last';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source: string;
          team_id: string;
          unit: 'number' | 'percent' | 'currency' | 'yes_no';
        };
        Update: {
          archived?: boolean;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          name?: string;
          owner_id?: string | null;
          period?: 'daily' | 'weekly' | 'monthly';
          rank?: string;
          recorded_at?: string;
          roll_up?: 'sum' | 'avg' | 'last';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          source?: string;
          team_id?: string;
          unit?: 'number' | 'percent' | 'currency' | 'yes_no';
        };
        Relationships: [
          {
            foreignKeyName: 'scorecard_metrics_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'scorecard_metrics_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'scorecard_metrics_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      sds_documents: {
        Row: {
          cas_no: string | null;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          file_id: string | null;
          first_aid: string;
          hazard_class: string | null;
          id: string;
          item_id: string | null;
          language: 'en' | 'es';
          product_name: string;
          recorded_at: string;
          revised_on: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          spill: string | null;
          status: 'draft' | 'current' | 'superseded';
        };
        Insert: {
          cas_no?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          file_id?: string | null;
          first_aid: string;
          hazard_class?: string | null;
          id: string;
          item_id?: string | null;
          language: 'en' | 'es';
          product_name: string;
          recorded_at?: string;
          revised_on?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          spill?: string | null;
          status: 'draft' | 'current' | 'superseded';
        };
        Update: {
          cas_no?: string | null;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          file_id?: string | null;
          first_aid?: string;
          hazard_class?: string | null;
          id?: string;
          item_id?: string | null;
          language?: 'en' | 'es';
          product_name?: string;
          recorded_at?: string;
          revised_on?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          spill?: string | null;
          status?: 'draft' | 'current' | 'superseded';
        };
        Relationships: [
          {
            foreignKeyName: 'sds_documents_file_id_fkey';
            columns: ['file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'sds_documents_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
        ];
      };
      severity_scores: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          instrument: 'BSA' | 'IGA' | 'EASI' | 'PASI' | 'DLQI' | 'Hurley';
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          photo_file_id: string | null;
          recorded_at: string;
          request_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          score_tenths: number;
          scored_on: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          instrument: 'BSA' | 'IGA' | 'EASI' | 'PASI' | 'DLQI' | 'Hurley';
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          photo_file_id?: string | null;
          recorded_at?: string;
          request_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          score_tenths: number;
          scored_on: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          instrument?: 'BSA' | 'IGA' | 'EASI' | 'PASI' | 'DLQI' | 'Hurley';
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          photo_file_id?: string | null;
          recorded_at?: string;
          request_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          score_tenths?: number;
          scored_on?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'severity_scores_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'severity_scores_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'severity_scores_photo_file_id_fkey';
            columns: ['photo_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'severity_scores_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
        ];
      };
      signature_invalidations: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq: string | null;
          patient_id: string;
          reason: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          signature_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id: string;
          origin_seq?: string | null;
          patient_id: string;
          reason: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signature_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string;
          origin_seq?: string | null;
          patient_id?: string;
          reason?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          signature_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'signature_invalidations_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'signature_invalidations_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'signature_invalidations_signature_id_fkey';
            columns: ['signature_id'];
            isOneToOne: false;
            referencedRelation: 'digital_signatures';
            referencedColumns: ['id'];
          },
        ];
      };
      slot_claims: {
        Row: {
          activity_id: string;
          appointment_id: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hold_expires_at: string | null;
          id: string;
          location_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          seat_no: number;
          starts_at: string;
          state: 'hold' | 'confirmed' | 'released' | 'lost';
        };
        Insert: {
          activity_id: string;
          appointment_id: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hold_expires_at?: string | null;
          id: string;
          location_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seat_no: number;
          starts_at: string;
          state: 'hold' | 'confirmed' | 'released' | 'lost';
        };
        Update: {
          activity_id?: string;
          appointment_id?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hold_expires_at?: string | null;
          id?: string;
          location_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seat_no?: number;
          starts_at?: string;
          state?: 'hold' | 'confirmed' | 'released' | 'lost';
        };
        Relationships: [
          {
            foreignKeyName: 'slot_claims_activity_id_fkey';
            columns: ['activity_id'];
            isOneToOne: false;
            referencedRelation: 'scheduling_activities';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'slot_claims_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'slot_claims_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      slot_leases: {
        Row: {
          activity_id: string;
          created_at: string;
          created_by: string | null;
          device: string;
          device_id: string | null;
          expires_at: string;
          id: string;
          location_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          week_start: string;
        };
        Insert: {
          activity_id: string;
          created_at?: string;
          created_by?: string | null;
          device: string;
          device_id?: string | null;
          expires_at: string;
          id: string;
          location_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          week_start: string;
        };
        Update: {
          activity_id?: string;
          created_at?: string;
          created_by?: string | null;
          device?: string;
          device_id?: string | null;
          expires_at?: string;
          id?: string;
          location_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          week_start?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'slot_leases_activity_id_fkey';
            columns: ['activity_id'];
            isOneToOne: false;
            referencedRelation: 'scheduling_activities';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'slot_leases_device_fkey';
            columns: ['device'];
            isOneToOne: false;
            referencedRelation: 'devices';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'slot_leases_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      stock_acts: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          kind:
            | 'opening'
            | 'receive'
            | 'return_stock'
            | 'transfer_in'
            | 'sample_in'
            | 'issue'
            | 'waste'
            | 'return_vendor'
            | 'transfer_out'
            | 'sample_out'
            | 'reclass';
          lines: Json;
          local_date: string;
          location_id: string;
          note: string | null;
          occurred_at: string;
          origin_seq: string | null;
          reason_code: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          witnessed_by: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          kind:
            | 'opening'
            | 'receive'
            | 'return_stock'
            | 'transfer_in'
            | 'sample_in'
            | 'issue'
            | 'waste'
            | 'return_vendor'
            | 'transfer_out'
            | 'sample_out'
            | 'reclass';
          lines: Json;
          local_date: string;
          location_id: string;
          note?: string | null;
          occurred_at: string;
          origin_seq?: string | null;
          reason_code?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          witnessed_by?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          kind?:
            | 'opening'
            | 'receive'
            | 'return_stock'
            | 'transfer_in'
            | 'sample_in'
            | 'issue'
            | 'waste'
            | 'return_vendor'
            | 'transfer_out'
            | 'sample_out'
            | 'reclass';
          lines?: Json;
          local_date?: string;
          location_id?: string;
          note?: string | null;
          occurred_at?: string;
          origin_seq?: string | null;
          reason_code?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          witnessed_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'stock_acts_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_acts_witnessed_by_fkey';
            columns: ['witnessed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      stock_movements: {
        Row: {
          act_id: string;
          bin: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          entered_qty: string;
          entered_unit: string;
          hlc: string;
          id: string;
          item_id: string;
          line_no: number;
          local_date: string;
          location_id: string;
          lot_id: string | null;
          note: string | null;
          occurred_at: string;
          origin_seq: string | null;
          patient_ref: string | null;
          performed_by: string | null;
          qty_base: string;
          reason_code: string | null;
          recorded_at: string;
          ref_id: string | null;
          ref_type: 'po_line' | 'transfer' | 'appointment' | 'sample_log' | null;
          reverses_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          type:
            | 'opening'
            | 'receive'
            | 'return_stock'
            | 'transfer_in'
            | 'sample_in'
            | 'issue'
            | 'waste'
            | 'return_vendor'
            | 'transfer_out'
            | 'sample_out'
            | 'reclass';
          unit_cost_cents: string | null;
          witnessed_by: string | null;
        };
        Insert: {
          act_id: string;
          bin?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          entered_qty: string;
          entered_unit: string;
          hlc: string;
          id: string;
          item_id: string;
          line_no: number;
          local_date: string;
          location_id: string;
          lot_id?: string | null;
          note?: string | null;
          occurred_at: string;
          origin_seq?: string | null;
          patient_ref?: string | null;
          performed_by?: string | null;
          qty_base: string;
          reason_code?: string | null;
          recorded_at?: string;
          ref_id?: string | null;
          ref_type?: 'po_line' | 'transfer' | 'appointment' | 'sample_log' | null;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          type:
            | 'opening'
            | 'receive'
            | 'return_stock'
            | 'transfer_in'
            | 'sample_in'
            | 'issue'
            | 'waste'
            | 'return_vendor'
            | 'transfer_out'
            | 'sample_out'
            | 'reclass';
          unit_cost_cents?: string | null;
          witnessed_by?: string | null;
        };
        Update: {
          act_id?: string;
          bin?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          entered_qty?: string;
          entered_unit?: string;
          hlc?: string;
          id?: string;
          item_id?: string;
          line_no?: number;
          local_date?: string;
          location_id?: string;
          lot_id?: string | null;
          note?: string | null;
          occurred_at?: string;
          origin_seq?: string | null;
          patient_ref?: string | null;
          performed_by?: string | null;
          qty_base?: string;
          reason_code?: string | null;
          recorded_at?: string;
          ref_id?: string | null;
          ref_type?: 'po_line' | 'transfer' | 'appointment' | 'sample_log' | null;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          type?:
            | 'opening'
            | 'receive'
            | 'return_stock'
            | 'transfer_in'
            | 'sample_in'
            | 'issue'
            | 'waste'
            | 'return_vendor'
            | 'transfer_out'
            | 'sample_out'
            | 'reclass';
          unit_cost_cents?: string | null;
          witnessed_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'stock_movements_act_id_fkey';
            columns: ['act_id'];
            isOneToOne: false;
            referencedRelation: 'stock_acts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_movements_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_movements_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_movements_lot_id_fkey';
            columns: ['lot_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_lots';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_movements_performed_by_fkey';
            columns: ['performed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_movements_reverses_id_fkey';
            columns: ['reverses_id'];
            isOneToOne: false;
            referencedRelation: 'stock_movements';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'stock_movements_witnessed_by_fkey';
            columns: ['witnessed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      text_redactions: {
        Row: {
          about_id: string;
          about_table: string;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          field: string;
          hlc: string;
          id: string;
          location_id: string | null;
          origin_seq: string | null;
          reason: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
        };
        Insert: {
          about_id: string;
          about_table: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field: string;
          hlc: string;
          id: string;
          location_id?: string | null;
          origin_seq?: string | null;
          reason: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
        };
        Update: {
          about_id?: string;
          about_table?: string;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          field?: string;
          hlc?: string;
          id?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          reason?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'text_redactions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'text_redactions_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      therapy_trials: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          drug: string;
          drug_class: string | null;
          ended_on: string | null;
          entered_in_error: boolean;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          outcome: 'effective' | 'partial' | 'failed' | 'intolerant' | 'contraindicated';
          patient_id: string;
          reason: string | null;
          recorded_at: string;
          request_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          started_on: string | null;
          strength: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          drug: string;
          drug_class?: string | null;
          ended_on?: string | null;
          entered_in_error: boolean;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          outcome: 'effective' | 'partial' | 'failed' | 'intolerant' | 'contraindicated';
          patient_id: string;
          reason?: string | null;
          recorded_at?: string;
          request_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          started_on?: string | null;
          strength?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          drug?: string;
          drug_class?: string | null;
          ended_on?: string | null;
          entered_in_error?: boolean;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          outcome?: 'effective' | 'partial' | 'failed' | 'intolerant' | 'contraindicated';
          patient_id?: string;
          reason?: string | null;
          recorded_at?: string;
          request_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          started_on?: string | null;
          strength?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'therapy_trials_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'therapy_trials_patient_id_fkey';
            columns: ['patient_id'];
            isOneToOne: false;
            referencedRelation: 'patients';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'therapy_trials_request_id_fkey';
            columns: ['request_id'];
            isOneToOne: false;
            referencedRelation: 'authorization_requests';
            referencedColumns: ['id'];
          },
        ];
      };
      todos: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          due_on: string;
          field_by: Json;
          field_hlc: Json;
          group_id: string | null;
          id: string;
          location_id: string | null;
          origin_id: string | null;
          origin_table: string | null;
          owner_id: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          state: 'open' | 'done' | 'dropped';
          team_id: string;
          title: string;
          week_created: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          due_on: string;
          field_by?: Json;
          field_hlc?: Json;
          group_id?: string | null;
          id: string;
          location_id?: string | null;
          origin_id?: string | null;
          origin_table?: string | null;
          owner_id: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          state: 'open' | 'done' | 'dropped';
          team_id: string;
          title: string;
          week_created: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          due_on?: string;
          field_by?: Json;
          field_hlc?: Json;
          group_id?: string | null;
          id?: string;
          location_id?: string | null;
          origin_id?: string | null;
          origin_table?: string | null;
          owner_id?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          state?: 'open' | 'done' | 'dropped';
          team_id?: string;
          title?: string;
          week_created?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'todos_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'todos_owner_id_fkey';
            columns: ['owner_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'todos_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      transfers: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          note: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          site_ids: string[];
          status: 'draft' | 'shipped' | 'received' | 'short' | 'cancelled';
          to_location_id: string;
          wanted: Json;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          note?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          site_ids: string[];
          status: 'draft' | 'shipped' | 'received' | 'short' | 'cancelled';
          to_location_id: string;
          wanted: Json;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          note?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          site_ids?: string[];
          status?: 'draft' | 'shipped' | 'received' | 'short' | 'cancelled';
          to_location_id?: string;
          wanted?: Json;
        };
        Relationships: [
          {
            foreignKeyName: 'transfers_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'transfers_to_location_id_fkey';
            columns: ['to_location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      transfers_of_value: {
        Row: {
          appointment_id: string;
          covered_recipient_type: 'md_do' | 'pa' | 'np' | 'cns' | 'crna' | 'cnm' | 'none';
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          kind: 'food' | 'educational' | 'sample' | 'other';
          local_date: string;
          location_id: string;
          npi: string | null;
          origin_seq: string | null;
          partakers_count: number;
          product: string | null;
          receipt_file_id: string | null;
          recipient_name: string;
          recipient_user_id: string | null;
          record_id: string;
          recorded_at: string;
          reverses: boolean;
          row_version: string;
          row_xid: string;
          schema_version: number;
          share_cents: string;
          total_cents: string;
        };
        Insert: {
          appointment_id: string;
          covered_recipient_type: 'md_do' | 'pa' | 'np' | 'cns' | 'crna' | 'cnm' | 'none';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          kind: 'food' | 'educational' | 'sample' | 'other';
          local_date: string;
          location_id: string;
          npi?: string | null;
          origin_seq?: string | null;
          partakers_count: number;
          product?: string | null;
          receipt_file_id?: string | null;
          recipient_name: string;
          recipient_user_id?: string | null;
          record_id: string;
          recorded_at?: string;
          reverses: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          share_cents: string;
          total_cents: string;
        };
        Update: {
          appointment_id?: string;
          covered_recipient_type?: 'md_do' | 'pa' | 'np' | 'cns' | 'crna' | 'cnm' | 'none';
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          kind?: 'food' | 'educational' | 'sample' | 'other';
          local_date?: string;
          location_id?: string;
          npi?: string | null;
          origin_seq?: string | null;
          partakers_count?: number;
          product?: string | null;
          receipt_file_id?: string | null;
          recipient_name?: string;
          recipient_user_id?: string | null;
          record_id?: string;
          recorded_at?: string;
          reverses?: boolean;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          share_cents?: string;
          total_cents?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'transfers_of_value_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'transfers_of_value_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'transfers_of_value_receipt_file_id_fkey';
            columns: ['receipt_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'transfers_of_value_recipient_user_id_fkey';
            columns: ['recipient_user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'transfers_of_value_record_id_fkey';
            columns: ['record_id'];
            isOneToOne: false;
            referencedRelation: 'meal_records';
            referencedColumns: ['id'];
          },
        ];
      };
      transitions: {
        Row: {
          actor_id: string | null;
          basis_version: string | null;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          from_state: string | null;
          id: string;
          location_id: string | null;
          recorded_at: string;
          row_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          table_name: string;
          to_state: string;
        };
        Insert: {
          actor_id?: string | null;
          basis_version?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          from_state?: string | null;
          id: string;
          location_id?: string | null;
          recorded_at?: string;
          row_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          table_name: string;
          to_state: string;
        };
        Update: {
          actor_id?: string | null;
          basis_version?: string | null;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          from_state?: string | null;
          id?: string;
          location_id?: string | null;
          recorded_at?: string;
          row_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          table_name?: string;
          to_state?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'transitions_actor_id_fkey';
            columns: ['actor_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'transitions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      unmatched_scans: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          dismissed: boolean;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string;
          photo_file_id: string | null;
          raw: string;
          recorded_at: string;
          resolved_item_id: string | null;
          row_version: string;
          row_xid: string;
          scanned_at: string;
          schema_version: number;
          symbology: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          dismissed: boolean;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id: string;
          photo_file_id?: string | null;
          raw: string;
          recorded_at?: string;
          resolved_item_id?: string | null;
          row_version?: string;
          row_xid?: string;
          scanned_at: string;
          schema_version?: number;
          symbology?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          dismissed?: boolean;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string;
          photo_file_id?: string | null;
          raw?: string;
          recorded_at?: string;
          resolved_item_id?: string | null;
          row_version?: string;
          row_xid?: string;
          scanned_at?: string;
          schema_version?: number;
          symbology?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'unmatched_scans_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'unmatched_scans_photo_file_id_fkey';
            columns: ['photo_file_id'];
            isOneToOne: false;
            referencedRelation: 'file_uploads';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'unmatched_scans_resolved_item_id_fkey';
            columns: ['resolved_item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
        ];
      };
      user_permissions: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          effect: 'allow' | 'deny';
          granted_by: string;
          id: string;
          location_id: string | null;
          permission: string;
          reason: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          user_id: string;
          valid_from: string;
          valid_to: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effect: 'allow' | 'deny';
          granted_by: string;
          id: string;
          location_id?: string | null;
          permission: string;
          reason: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id: string;
          valid_from: string;
          valid_to: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          effect?: 'allow' | 'deny';
          granted_by?: string;
          id?: string;
          location_id?: string | null;
          permission?: string;
          reason?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id?: string;
          valid_from?: string;
          valid_to?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'user_permissions_granted_by_fkey';
            columns: ['granted_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_permissions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_permissions_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      user_roles: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          granted_by: string | null;
          id: string;
          location_id: string | null;
          recorded_at: string;
          role:
            | 'FD'
            | 'KD'
            | 'CS'
            | 'PR'
            | 'MG'
            | 'LM'
            | 'IT'
            | 'SA'
            | 'AS'
            | 'BUY'
            | 'SAFETY'
            | 'CO'
            | 'REP'
            | 'TL';
          row_version: string;
          row_xid: string;
          schema_version: number;
          user_id: string;
          valid_from: string;
          valid_to: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          granted_by?: string | null;
          id: string;
          location_id?: string | null;
          recorded_at?: string;
          role:
            | 'FD'
            | 'KD'
            | 'CS'
            | 'PR'
            | 'MG'
            | 'LM'
            | 'IT'
            | 'SA'
            | 'AS'
            | 'BUY'
            | 'SAFETY'
            | 'CO'
            | 'REP'
            | 'TL';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id: string;
          valid_from: string;
          valid_to?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          granted_by?: string | null;
          id?: string;
          location_id?: string | null;
          recorded_at?: string;
          role?:
            | 'FD'
            | 'KD'
            | 'CS'
            | 'PR'
            | 'MG'
            | 'LM'
            | 'IT'
            | 'SA'
            | 'AS'
            | 'BUY'
            | 'SAFETY'
            | 'CO'
            | 'REP'
            | 'TL';
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id?: string;
          valid_from?: string;
          valid_to?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'user_roles_granted_by_fkey';
            columns: ['granted_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_roles_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'user_roles_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      users: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          display_name: string;
          email: string;
          employee_id: string | null;
          home_location_id: string | null;
          id: string;
          mfa_required: boolean;
          provider_npi: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'invited' | 'active' | 'suspended' | 'left';
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          display_name: string;
          email: string;
          employee_id?: string | null;
          home_location_id?: string | null;
          id: string;
          mfa_required: boolean;
          provider_npi?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'invited' | 'active' | 'suspended' | 'left';
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          display_name?: string;
          email?: string;
          employee_id?: string | null;
          home_location_id?: string | null;
          id?: string;
          mfa_required?: boolean;
          provider_npi?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'invited' | 'active' | 'suspended' | 'left';
        };
        Relationships: [
          {
            foreignKeyName: 'users_home_location_id_fkey';
            columns: ['home_location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
        ];
      };
      vendor_items: {
        Row: {
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          is_primary: boolean;
          item_id: string;
          lead_days: number | null;
          min_qty: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          vendor_id: string;
          vendor_sku: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          is_primary: boolean;
          item_id: string;
          lead_days?: number | null;
          min_qty?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          vendor_id: string;
          vendor_sku?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          is_primary?: boolean;
          item_id?: string;
          lead_days?: number | null;
          min_qty?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          vendor_id?: string;
          vendor_sku?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'vendor_items_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vendor_items_vendor_id_fkey';
            columns: ['vendor_id'];
            isOneToOne: false;
            referencedRelation: 'vendors';
            referencedColumns: ['id'];
          },
        ];
      };
      vendor_prices: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          item_id: string;
          origin_seq: string | null;
          price_cents: string;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          seen_on: string;
          source: 'quote' | 'invoice' | 'catalogue' | 'order';
          unit: string;
          vendor_id: string;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          item_id: string;
          origin_seq?: string | null;
          price_cents: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seen_on: string;
          source: 'quote' | 'invoice' | 'catalogue' | 'order';
          unit: string;
          vendor_id: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          item_id?: string;
          origin_seq?: string | null;
          price_cents?: string;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          seen_on?: string;
          source?: 'quote' | 'invoice' | 'catalogue' | 'order';
          unit?: string;
          vendor_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'vendor_prices_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vendor_prices_vendor_id_fkey';
            columns: ['vendor_id'];
            isOneToOne: false;
            referencedRelation: 'vendors';
            referencedColumns: ['id'];
          },
        ];
      };
      vendors: {
        Row: {
          account_no: string | null;
          active: boolean;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          email: string | null;
          field_by: Json;
          field_hlc: Json;
          free_shipping_cents: string | null;
          id: string;
          name: string;
          note: string | null;
          order_channel: 'slack' | 'email' | 'phone' | 'portal' | 'print';
          phone: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          website: string | null;
        };
        Insert: {
          account_no?: string | null;
          active: boolean;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          email?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          free_shipping_cents?: string | null;
          id: string;
          name: string;
          note?: string | null;
          order_channel: 'slack' | 'email' | 'phone' | 'portal' | 'print';
          phone?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          website?: string | null;
        };
        Update: {
          account_no?: string | null;
          active?: boolean;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          email?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          free_shipping_cents?: string | null;
          id?: string;
          name?: string;
          note?: string | null;
          order_channel?: 'slack' | 'email' | 'phone' | 'portal' | 'print';
          phone?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          website?: string | null;
        };
        Relationships: [];
      };
      vial_acts: {
        Row: {
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          for_patient: boolean;
          hlc: string;
          id: string;
          item_id: string;
          line: Json | null;
          local_date: string;
          location_id: string;
          lot_id: string | null;
          note: string | null;
          occurred_at: string;
          origin_seq: string | null;
          reason_code: string | null;
          recorded_at: string;
          reverses_id: string | null;
          row_version: string;
          row_xid: string;
          schema_version: number;
          step: 'open' | 'draw' | 'discard';
          unit: string;
          units: string;
          use_by: string | null;
          vial_id: string | null;
          witnessed_by: string | null;
        };
        Insert: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          for_patient: boolean;
          hlc: string;
          id: string;
          item_id: string;
          line?: Json | null;
          local_date: string;
          location_id: string;
          lot_id?: string | null;
          note?: string | null;
          occurred_at: string;
          origin_seq?: string | null;
          reason_code?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          step: 'open' | 'draw' | 'discard';
          unit: string;
          units: string;
          use_by?: string | null;
          vial_id?: string | null;
          witnessed_by?: string | null;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          for_patient?: boolean;
          hlc?: string;
          id?: string;
          item_id?: string;
          line?: Json | null;
          local_date?: string;
          location_id?: string;
          lot_id?: string | null;
          note?: string | null;
          occurred_at?: string;
          origin_seq?: string | null;
          reason_code?: string | null;
          recorded_at?: string;
          reverses_id?: string | null;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          step?: 'open' | 'draw' | 'discard';
          unit?: string;
          units?: string;
          use_by?: string | null;
          vial_id?: string | null;
          witnessed_by?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'vial_acts_item_id_fkey';
            columns: ['item_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_items';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vial_acts_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vial_acts_lot_id_fkey';
            columns: ['lot_id'];
            isOneToOne: false;
            referencedRelation: 'inventory_lots';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vial_acts_reverses_id_fkey';
            columns: ['reverses_id'];
            isOneToOne: false;
            referencedRelation: 'vial_acts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vial_acts_vial_id_fkey';
            columns: ['vial_id'];
            isOneToOne: false;
            referencedRelation: 'vial_acts';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vial_acts_witnessed_by_fkey';
            columns: ['witnessed_by'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      visitor_sign_ins: {
        Row: {
          appointment_id: string;
          covered_recipient: boolean;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          event: 'signed_in' | 'signed_out' | 'ate' | 'did_not_eat';
          hlc: string;
          id: string;
          location_id: string;
          name: string;
          occurred_at: string;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          user_id: string | null;
        };
        Insert: {
          appointment_id: string;
          covered_recipient: boolean;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          event: 'signed_in' | 'signed_out' | 'ate' | 'did_not_eat';
          hlc: string;
          id: string;
          location_id: string;
          name: string;
          occurred_at: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id?: string | null;
        };
        Update: {
          appointment_id?: string;
          covered_recipient?: boolean;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          event?: 'signed_in' | 'signed_out' | 'ate' | 'did_not_eat';
          hlc?: string;
          id?: string;
          location_id?: string;
          name?: string;
          occurred_at?: string;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'visitor_sign_ins_appointment_id_fkey';
            columns: ['appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'visitor_sign_ins_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'visitor_sign_ins_user_id_fkey';
            columns: ['user_id'];
            isOneToOne: false;
            referencedRelation: 'users';
            referencedColumns: ['id'];
          },
        ];
      };
      vto_drafts: {
        Row: {
          body: Json;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          id: string;
          location_id: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          section: string;
          team_id: string;
        };
        Insert: {
          body: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id: string;
          location_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          section: string;
          team_id: string;
        };
        Update: {
          body?: Json;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          id?: string;
          location_id?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          section?: string;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'vto_drafts_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vto_drafts_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      vto_versions: {
        Row: {
          agreed_on: string;
          body: Json;
          created_at: string;
          created_by: string | null;
          device_id: string | null;
          hlc: string;
          id: string;
          location_id: string | null;
          origin_seq: string | null;
          recorded_at: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          team_id: string;
        };
        Insert: {
          agreed_on: string;
          body: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc: string;
          id: string;
          location_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id: string;
        };
        Update: {
          agreed_on?: string;
          body?: Json;
          created_at?: string;
          created_by?: string | null;
          device_id?: string | null;
          hlc?: string;
          id?: string;
          location_id?: string | null;
          origin_seq?: string | null;
          recorded_at?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          team_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'vto_versions_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'vto_versions_team_id_fkey';
            columns: ['team_id'];
            isOneToOne: false;
            referencedRelation: 'eos_teams';
            referencedColumns: ['id'];
          },
        ];
      };
      waitlist_entries: {
        Row: {
          activity_id: string;
          created_at: string;
          created_by: string | null;
          deleted_at: string | null;
          device_id: string | null;
          field_by: Json;
          field_hlc: Json;
          from_date: string;
          id: string;
          location_id: string;
          note: string | null;
          offered_appointment_id: string | null;
          recorded_at: string;
          rep_id: string;
          row_version: string;
          row_xid: string;
          schema_version: number;
          status: 'waiting' | 'offered' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
          to_date: string;
        };
        Insert: {
          activity_id: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          from_date: string;
          id: string;
          location_id: string;
          note?: string | null;
          offered_appointment_id?: string | null;
          recorded_at?: string;
          rep_id: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status: 'waiting' | 'offered' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
          to_date: string;
        };
        Update: {
          activity_id?: string;
          created_at?: string;
          created_by?: string | null;
          deleted_at?: string | null;
          device_id?: string | null;
          field_by?: Json;
          field_hlc?: Json;
          from_date?: string;
          id?: string;
          location_id?: string;
          note?: string | null;
          offered_appointment_id?: string | null;
          recorded_at?: string;
          rep_id?: string;
          row_version?: string;
          row_xid?: string;
          schema_version?: number;
          status?: 'waiting' | 'offered' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
          to_date?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'waitlist_entries_activity_id_fkey';
            columns: ['activity_id'];
            isOneToOne: false;
            referencedRelation: 'scheduling_activities';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'waitlist_entries_location_id_fkey';
            columns: ['location_id'];
            isOneToOne: false;
            referencedRelation: 'locations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'waitlist_entries_offered_appointment_id_fkey';
            columns: ['offered_appointment_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_appointments';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'waitlist_entries_rep_id_fkey';
            columns: ['rep_id'];
            isOneToOne: false;
            referencedRelation: 'pharma_representatives';
            referencedColumns: ['id'];
          },
        ];
      };
    };
    Views: {
      on_hand: {
        Row: {
          item_id: string | null;
          location_id: string | null;
          lot_id: string | null;
          on_hand: string | null;
        };
        Relationships: [];
      };
    };
    Enums: Record<never, never>;
  };
};

type PublicTables = Database['public']['Tables'];
type PublicViews = Database['public']['Views'];

/** A row of a table or view, as it is read. */
export type Tables<T extends keyof PublicTables | keyof PublicViews> = (PublicTables &
  PublicViews)[T]['Row'];
/** A row to insert; columns with a default may be left out. */
export type TablesInsert<T extends keyof PublicTables> = PublicTables[T]['Insert'];
/** The columns of a change. */
export type TablesUpdate<T extends keyof PublicTables> = PublicTables[T]['Update'];
