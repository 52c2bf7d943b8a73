/** A row of choices of which one holds: radio buttons that look like one button each. */
export interface Choices {
  /** Marks what holds now, without asking for it. */
  show(value: number): void;
}

/**
 * Puts choices into a fieldset.
 * @param words text of a choice
 * @param onChoose called when a person chooses
 */
export function addChoices(
  fieldset: HTMLElement,
  values: readonly number[],
  words: (value: number) => string,
  onChoose: (value: number) => void,
): Choices {
  const row = fieldset.querySelector('.row')!;
  const inputs = values.map((value) => {
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = fieldset.id;
    input.value = String(value);
    const label = document.createElement('label');
    label.append(input, document.createElement('span'));
    label.lastElementChild!.textContent = words(value);
    input.addEventListener('change', () => onChoose(value));
    row.append(label);
    return input;
  });
  return {
    show(value) {
      for (const input of inputs) input.checked = Number(input.value) === value;
    },
  };
}
