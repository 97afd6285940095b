from kinema.studio import staged_size


def test_large_films_are_staged_at_two_thirds_of_their_size():
    assert staged_size(640, 360) == (640, 360)
    assert staged_size(1280, 720) == (854, 480)
    assert staged_size(1920, 1080) == (1280, 720)
    assert staged_size(720, 1280) == (480, 854)
    assert staged_size(960, 484) == (952, 480)
    heights = [staged_size(960, height)[1] for height in range(400, 1000, 2)]
    assert heights == sorted(heights)
