/**
 * One line as the ERP shows it.
 */
export interface ErpLine {
    /**
     * Line number in the ERP, from 1.
     */
    'line_number'?: (number);
    /**
     * Article's name.
     */
    'article_code'?: (string);
    /**
     * Pieces.
     */
    'quantity'?: (string);
    /**
     * The ERP's unit price.
     */
    'price'?: (string);
    /**
     * SCONTO %: the discount that the ERP applied.
     */
    'discount'?: (string);
    /**
     * The line's net amount.
     */
    'amount'?: (string);
    /**
     * The article's description in the ERP.
     */
    'description'?: (string);
}
/**
 * One line as the ERP shows it.
 */
export interface ErpLine__Output {
    /**
     * Line number in the ERP, from 1.
     */
    'line_number': (number);
    /**
     * Article's name.
     */
    'article_code': (string);
    /**
     * Pieces.
     */
    'quantity': (string);
    /**
     * The ERP's unit price.
     */
    'price': (string);
    /**
     * SCONTO %: the discount that the ERP applied.
     */
    'discount': (string);
    /**
     * The line's net amount.
     */
    'amount': (string);
    /**
     * The article's description in the ERP.
     */
    'description': (string);
}
