import type { OperationName as _archibald_v1_OperationName, OperationName__Output as _archibald_v1_OperationName__Output } from '../../archibald/v1/OperationName.js';
import type { LookAgain as _archibald_v1_LookAgain, LookAgain__Output as _archibald_v1_LookAgain__Output } from '../../archibald/v1/LookAgain.js';
import type { Landed as _archibald_v1_Landed, Landed__Output as _archibald_v1_Landed__Output } from '../../archibald/v1/Landed.js';
import type { NotDone as _archibald_v1_NotDone, NotDone__Output as _archibald_v1_NotDone__Output } from '../../archibald/v1/NotDone.js';
import type { GiveUp as _archibald_v1_GiveUp, GiveUp__Output as _archibald_v1_GiveUp__Output } from '../../archibald/v1/GiveUp.js';
/**
 * How to settle an operation under review. Exactly one decision; the note is required.
 */
export interface ResolveOperationRequest {
    /**
     * Required.
     */
    'name'?: (_archibald_v1_OperationName | null);
    /**
     * Why, for whoever asks later. 1 to 1,000 characters.
     */
    'note'?: (string);
    /**
     * Read the ERP back again.
     */
    'look_again'?: (_archibald_v1_LookAgain | null);
    /**
     * It is in the ERP; its id is read and checked first.
     */
    'landed'?: (_archibald_v1_Landed | null);
    /**
     * It is not in the ERP; it runs again, after a read-back of its own.
     */
    'not_done'?: (_archibald_v1_NotDone | null);
    /**
     * Nobody will pursue it. The key is at its end.
     */
    'give_up'?: (_archibald_v1_GiveUp | null);
    /**
     * The decision.
     */
    'decision'?: "look_again" | "landed" | "not_done" | "give_up";
}
/**
 * How to settle an operation under review. Exactly one decision; the note is required.
 */
export interface ResolveOperationRequest__Output {
    /**
     * Required.
     */
    'name': (_archibald_v1_OperationName__Output | null);
    /**
     * Why, for whoever asks later. 1 to 1,000 characters.
     */
    'note': (string);
    /**
     * Read the ERP back again.
     */
    'look_again'?: (_archibald_v1_LookAgain__Output | null);
    /**
     * It is in the ERP; its id is read and checked first.
     */
    'landed'?: (_archibald_v1_Landed__Output | null);
    /**
     * It is not in the ERP; it runs again, after a read-back of its own.
     */
    'not_done'?: (_archibald_v1_NotDone__Output | null);
    /**
     * Nobody will pursue it. The key is at its end.
     */
    'give_up'?: (_archibald_v1_GiveUp__Output | null);
    /**
     * The decision.
     */
    'decision'?: "look_again" | "landed" | "not_done" | "give_up";
}
