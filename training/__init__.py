"""Renders people whose pelvis angle is known exactly (extra: ``[training]``).

Nothing here is imported by the product. The rooms, in the order data flows:

    bodies -> posing, lying, bridging (limbs, skeleton) -> truth, judged
                        |
    appearance, scene -> renderer -> clips -> render_samples
    (other_* : the same people drawn by another renderer)
                        |
    *_set -> collect -> landmarks -> examples, films, looks -> fit_pelvis, fit_look
    acts_* -> exercise_set -> collect_exercises -> kept_clips (benchmarks read them)
"""
