import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';
/**
 * Where an operation is. A slow reader gets the newest, not all.
 */
export interface Progress {
    /**
     * Rises by one with every event of the operation; gaps are events that were left out for a slow reader.
     */
    'sequence'?: (number | string | Long);
    /**
     * Stable step code: "form.articles.progress".
     */
    'step'?: (string);
    /**
     * 0 to 100, never falling.
     */
    'percent'?: (number);
    /**
     * For the agent: "Inserimento articolo 2 di 5".
     */
    'label_it'?: (string);
    /**
     * For everybody else: "Entering article 2 of 5".
     */
    'label_en'?: (string);
    /**
     * Within a step that counts: where it is …
     */
    'current'?: (number);
    /**
     * … and of how many; 0 when the step does not count.
     */
    'total'?: (number);
    /**
     * When it happened.
     */
    'at'?: (_google_protobuf_Timestamp | null);
}
/**
 * Where an operation is. A slow reader gets the newest, not all.
 */
export interface Progress__Output {
    /**
     * Rises by one with every event of the operation; gaps are events that were left out for a slow reader.
     */
    'sequence': (number);
    /**
     * Stable step code: "form.articles.progress".
     */
    'step': (string);
    /**
     * 0 to 100, never falling.
     */
    'percent': (number);
    /**
     * For the agent: "Inserimento articolo 2 di 5".
     */
    'label_it': (string);
    /**
     * For everybody else: "Entering article 2 of 5".
     */
    'label_en': (string);
    /**
     * Within a step that counts: where it is …
     */
    'current': (number);
    /**
     * … and of how many; 0 when the step does not count.
     */
    'total': (number);
    /**
     * When it happened.
     */
    'at': (_google_protobuf_Timestamp__Output | null);
}
