"""Renders people whose pelvis angle is known exactly (extra: ``[training]``).

Nothing here is imported by the product. The rooms, in the order data flows:

    bodies -> posing (limbs, skeleton) -> truth
                        |
    appearance, scene -> renderer -> clips -> render_samples
"""
