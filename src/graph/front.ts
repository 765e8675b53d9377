/** One place of the front. The revision in it changes as its walk goes down; `place` stays. */
export interface Slot {
  readonly place: number
  number: number
  /** Another number as soon as something that was below the slot is not below it any more. */
  reach: number
  previous: Slot | undefined
  next: Slot | undefined
}

/** Where the walks of `newestFirst` stand: a list of revisions that only grows at its end, with a way to find each. */
export class Front {
  private readonly slots = new Map<number, Slot>()
  private head: Slot | undefined
  private tail: Slot | undefined
  private places = 0

  first(): Slot | undefined {
    return this.head
  }

  slotOf(number: number): Slot | undefined {
    return this.slots.get(number)
  }

  append(number: number): void {
    const slot: Slot = { place: this.places, number, reach: 0, previous: this.tail, next: undefined }
    this.places += 1
    if (this.tail === undefined) this.head = slot
    else this.tail.next = slot
    this.tail = slot
    this.slots.set(number, slot)
  }

  /** Puts what is below a revision in its place; `keepsReach` when that has everything else below it, too. */
  replace(slot: Slot, number: number, keepsReach: boolean): void {
    this.slots.delete(slot.number)
    slot.number = number
    if (!keepsReach) slot.reach += 1
    this.slots.set(number, slot)
  }

  /** Takes the place out; returns the one before it, or the first one when there is none. */
  remove(slot: Slot): Slot | undefined {
    this.slots.delete(slot.number)
    slot.reach += 1
    if (slot.previous === undefined) this.head = slot.next
    else slot.previous.next = slot.next
    if (slot.next === undefined) this.tail = slot.previous
    else slot.next.previous = slot.previous
    return slot.previous ?? this.head
  }
}
